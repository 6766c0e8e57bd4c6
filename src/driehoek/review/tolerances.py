"""How far a number may lie from the same number of another run, and why."""

from dataclasses import dataclass

from driehoek.review.record import Record


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A bound on the difference, relative to the larger of the two, with its reason."""

    relative: float
    absolute: float
    reason: str

    def holds(self, a: float, b: float) -> bool:
        """Tell whether two numbers are the same within it."""
        return a == b or abs(a - b) <= max(self.absolute, self.relative * max(abs(a), abs(b)))


EXACT = Tolerance(0.0, 0.0, "the same software on the same kind of machine: bit-identical")
COUNTS = Tolerance(0.0, 0.0, "a count has no rounding")
SUMS = Tolerance(
    1e-9, 1e-12, "closed forms in float64: another BLAS or processor sums in another order"
)
ITERATED = Tolerance(
    1e-5,
    1e-7,
    "found by iteration: where it stops depends on the last digits of sums on the way",
)
COUNTED = ("flow", "background", "items", "quality")
SOLVED = ("correlations", "scores")


def tolerance(name: str, old: Record, new: Record) -> Tolerance:
    """Give the tolerance for a number, by its id.

    Numbers of the same software on the same kind of machine are the same to the last bit; the
    tests of the workflow hold that. Otherwise it depends on how the number is computed.
    """
    if _is_same_place(old, new):
        return EXACT
    parts = name.split("/")
    file, statistic = parts[0], parts[-1]
    if statistic in {"count", "missing", "responses", "flagged", "missing_answers", "excluded"}:
        return COUNTS
    is_closed = file in {*COUNTED, *SOLVED} or statistic in {
        "alpha", "item_rest", "alpha_if_dropped",
    }  # fmt: skip
    return SUMS if is_closed else ITERATED


def _is_same_place(old: Record, new: Record) -> bool:
    return old.versions == new.versions and old.platform == new.platform and old.code == new.code
