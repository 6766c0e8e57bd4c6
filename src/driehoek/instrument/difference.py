"""A difference between two versions of an instrument."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "added", "dropped", "renamed", "reworded", "recoded", "rekeyed", "moved", "rerouted", "rescored"
]
Verdict = Literal["same", "untested", "different"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two versions.

    Attributes
    ----------
    kind : str
        What happened to it.
    subject : str
        Question id, or the id of a scale.
    language : str
        For wordings; empty otherwise.
    old, new : str
        As it was and as it is; empty where there is none.
    scale : str
        The scale whose scores it touches; empty where no score depends on it.
    scores : {'same', 'untested', 'different'}
        Whether scores of the two versions can be compared.
    reason : str
        Why, and what can be done.
    """

    kind: Kind
    subject: str
    language: str
    old: str
    new: str
    scale: str
    scores: Verdict
    reason: str

    def __str__(self) -> str:
        """Give the difference as one sentence."""
        language = f" ({self.language})" if self.language else ""
        change = f": {self.old!r} -> {self.new!r}" if self.old or self.new else ""
        scale = f" [{self.scale}: scores {self.scores}]" if self.scale else ""
        return f"{self.subject} {self.kind}{language}{change}{scale}: {self.reason}"


def if_scored(scale: str, verdict: Verdict) -> Verdict:
    """Give the verdict for a question that a score depends on; otherwise scores are the same."""
    return verdict if scale else "same"
