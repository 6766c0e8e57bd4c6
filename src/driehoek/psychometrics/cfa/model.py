"""A factor model written as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from driehoek.psychometrics.cfa.errors import FactorModelError

Scaling = Literal["marker", "variance"]


@dataclass(frozen=True, slots=True)
class FactorModel:
    """Which factors explain which items.

    Attributes
    ----------
    factors : mapping of str to sequence of str
        Factor name to its indicators: items, or other factors for a higher order.
        An item may belong to several factors (bifactor, method factor).
    residual_covariances : sequence of (str, str)
        Pairs of items whose residuals covary.
    scaling : {"marker", "variance"}
        What gives a factor its unit: loading of its first indicator fixed at 1, or
        its variance (that of its disturbance, below another factor) fixed at 1.
    uncorrelated : sequence of (str, str)
        Pairs of factors whose covariance is fixed at 0.
    orthogonal : bool
        Whether all factor covariances are fixed at 0.
    equal : sequence of sequences of str
        Parameters held equal to one another within a group, by name:
        ``"visual =~ x2"`` (loading), ``"x2 ~~ x2"`` (residual variance),
        ``"x2 ~1"`` (intercept), ``"x2 | t1"`` (threshold).
    fixed : mapping of str to float
        Parameters held at a value, by name.
    estimated : sequence of str
        Parameters estimated although they are fixed by default, by name.

    Raises
    ------
    FactorModelError
        If the description contradicts itself.
    """

    factors: Mapping[str, Sequence[str]]
    residual_covariances: Sequence[tuple[str, str]] = ()
    scaling: Scaling = "marker"
    uncorrelated: Sequence[tuple[str, str]] = ()
    orthogonal: bool = False
    equal: Sequence[Sequence[str]] = ()
    fixed: Mapping[str, float] = field(default_factory=dict)
    estimated: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse a description that contradicts itself, all faults at once."""
        faults = [*self._indicator_faults(), *self._pair_faults()]
        if faults:
            raise FactorModelError(" ".join(faults))

    @property
    def items(self) -> tuple[str, ...]:
        """Items of all factors, each once, in the order they are first named."""
        named = (name for members in self.factors.values() for name in members)
        return tuple(dict.fromkeys(name for name in named if name not in self.factors))

    @property
    def top_factors(self) -> tuple[str, ...]:
        """Factors that are no indicator of another factor."""
        below = {name for members in self.factors.values() for name in members}
        return tuple(name for name in self.factors if name not in below)

    def is_correlated(self, first: str, second: str) -> bool:
        """Say whether the covariance of two top factors is estimated."""
        apart = {frozenset(pair) for pair in self.uncorrelated}
        return not self.orthogonal and frozenset((first, second)) not in apart

    def _indicator_faults(self) -> list[str]:
        faults = [] if self.factors else ["The model names no factor."]
        for factor, members in self.factors.items():
            if isinstance(members, str) or not members:
                faults.append(f"Factor {factor!r} needs a list of indicators.")
            elif len(set(members)) < len(members):
                faults.append(f"Factor {factor!r} names an indicator twice.")
            if factor in members:
                faults.append(f"Factor {factor!r} is its own indicator.")
        if self.factors and not self.top_factors:
            faults.append("The factors explain one another in a circle.")
        return faults

    def _pair_faults(self) -> list[str]:
        faults = []
        for first, second in self.residual_covariances:
            unknown = {first, second} - set(self.items)
            if unknown or first == second:
                faults.append(
                    f"Residual covariance {first!r} with {second!r}: both must be "
                    "different items of the model."
                )
        known = set(map(frozenset, combinations(self.top_factors, 2)))
        faults += [
            f"Uncorrelated pair {first!r} and {second!r}: both must be different factors "
            "that no other factor explains."
            for first, second in self.uncorrelated
            if frozenset((first, second)) not in known
        ]
        return faults
