"""What two published runs give away together that neither does alone."""

from dataclasses import dataclass

from driehoek.review.record import Record

MIN_CELL = 10


@dataclass(frozen=True, slots=True)
class Exposed:
    """One result on nearly the same people in two runs.

    Attributes
    ----------
    id : str
    old, new : int
        Persons behind it.
    """

    id: str
    old: int
    new: int

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.id}: n {self.old} -> {self.new}"


def exposed(old: Record, new: Record) -> list[Exposed]:
    """Find the results whose n differs by fewer persons than may stand behind a figure.

    Whoever has both runs learns by subtraction what these few answered. The threshold is
    ``disclosure: min_cell`` of the newer run.
    """
    limits = new.settings.get("disclosure") or {}
    fewest = int(limits.get("min_cell", MIN_CELL))
    found = []
    for name in old.numbers:
        before, after = (each.details.get(name, {}).get("n") for each in (old, new))
        if before is None or after is None or name not in new.numbers:
            continue
        if 0 < abs(after - before) < fewest:
            found.append(Exposed(name, int(before), int(after)))
    return found
