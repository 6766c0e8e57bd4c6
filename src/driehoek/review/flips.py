"""Statements that two runs make otherwise: a sign, an interval, a cut-off."""

from collections.abc import Iterator
from dataclasses import dataclass

from driehoek.review.record import Record

# Statistics that are read against a cut-off, with the side that is good, and its source.
CUTOFFS = {
    "alpha": (0.70, "at least", "Prinsen et al. (2018), doi:10.1007/s11136-018-1798-3"),
    "omega_total": (0.70, "at least", "Prinsen et al. (2018), doi:10.1007/s11136-018-1798-3"),
    "cfi": (0.95, "at least", "Hu & Bentler (1999), doi:10.1080/10705519909540118"),
    "tli": (0.95, "at least", "Hu & Bentler (1999), doi:10.1080/10705519909540118"),
    "rmsea": (0.06, "at most", "Hu & Bentler (1999), doi:10.1080/10705519909540118"),
    "srmr": (0.08, "at most", "Hu & Bentler (1999), doi:10.1080/10705519909540118"),
}
# Statistics whose sign and distance from zero are a statement.
EFFECTS = frozenset(["b", "beta", "r", "item_rest", "rho", "indirect", "direct", "difference"])


@dataclass(frozen=True, slots=True)
class Flip:
    """A statement that does not hold any more.

    Attributes
    ----------
    id : str
    kind : str
        sign, interval, p or cut-off.
    old, new : str
        What the runs say.
    """

    id: str
    kind: str
    old: str
    new: str

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.id}: {self.old} -> {self.new}"


def flips(old: Record, new: Record) -> list[Flip]:
    """Find the statements that flip, among numbers that both runs have."""
    return [flip for name in old.numbers if name in new.numbers for flip in _of(name, old, new)]


def _of(name: str, old: Record, new: Record) -> Iterator[Flip]:
    statistic = name.rsplit("/", 1)[-1]
    was, has = old.numbers[name], new.numbers[name]
    if statistic in CUTOFFS:
        limit, side, _ = CUTOFFS[statistic]
        said = [_cut(each, limit, side) for each in (was, has)]
        yield from _if_changed(name, "cut-off", said, [was, has])
    if statistic in EFFECTS:
        signs = ["above zero" if each > 0 else "at or below zero" for each in (was, has)]
        yield from _if_changed(name, "sign", signs, [was, has])
        sides = [_side(record, name) for record in (old, new)]
        if all(sides):
            yield from _if_changed(name, "interval", sides, [was, has])
    levels = [
        1 - float(each.settings.get("plan", {}).get("confidence", 0.95)) for each in (old, new)
    ]
    known = [each.details.get(name, {}).get("p") for each in (old, new)]
    if known[0] is not None and known[1] is not None:
        said = [
            f"p {'below' if p < level else 'not below'} {level:.3g}"
            for p, level in zip((known[0], known[1]), levels, strict=True)
        ]
        yield from _if_changed(name, "p", said, [known[0], known[1]])


def _if_changed(name: str, kind: str, said: list[str], values: list[float]) -> Iterator[Flip]:
    if said[0] != said[1]:
        told = [f"{words} ({value:.4g})" for words, value in zip(said, values, strict=True)]
        yield Flip(name, kind, *told)


def _cut(value: float, limit: float, side: str) -> str:
    is_good = value >= limit if side == "at least" else value <= limit
    return f"{side} {limit:.2f}" if is_good else f"not {side} {limit:.2f}"


def _side(record: Record, name: str) -> str:
    """Say on which side of zero the interval lies; empty where there is none."""
    known = record.details.get(name, {})
    if "ci_low" not in known or "ci_high" not in known:
        return ""
    if known["ci_low"] > 0:
        return "interval above zero"
    return "interval below zero" if known["ci_high"] < 0 else "interval holds zero"
