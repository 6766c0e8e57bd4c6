"""What a model refuses, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 40


@dataclass(frozen=True, slots=True)
class TermProblem:
    """One fault in the terms of a model.

    Attributes
    ----------
    expression : str
        The term as it was written, or the name of the column at fault.
    found, mend : str
        What is wrong, and what to write instead.
    position : int, optional
        Character in the expression at which the fault stands, counted from 1.
    """

    expression: str
    found: str
    mend: str
    position: int | None = None

    def __str__(self) -> str:
        """Give the fault as one sentence with its remedy."""
        place = "" if self.position is None else f", character {self.position}"
        return f"{self.expression!r}{place}: {self.found}. To mend: {self.mend}."


class TermError(ValueError):
    """Faults in the terms of a model, all of them together.

    Attributes
    ----------
    problems : tuple of TermProblem
        Every fault, in the order in which the terms stand.
    """

    def __init__(self, problems: Sequence[TermProblem]) -> None:
        self.problems = tuple(problems)
        lines = [f"{len(self.problems)} problem(s) in the terms of the model:"]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"  and {len(self.problems) - SHOWN} more")
        super().__init__("\n".join(lines))
