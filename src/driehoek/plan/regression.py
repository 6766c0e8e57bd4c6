"""Plans for regression models: one outcome, terms in blocks."""

import re
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from driehoek.plan.base import Model, Wave
from driehoek.yamlfile import Closed

Persons = Literal["primary", "all"]
PERSONS_MEANING = "One row a triad (the primary person), or every person of the role."


class Regression(Model):
    """A model of one outcome."""

    outcome: str = Field(description="Such as carer.burden.")
    blocks: list[list[str]] = Field(min_length=1, description="Terms, entered block by block.")

    @property
    def outcomes(self) -> list[str]:
        """The variable that the model explains."""
        return [self.outcome]

    @property
    def terms(self) -> list[list[str]]:
        """The terms that explain it, block by block."""
        return self.blocks


class SlopePlan(Closed):
    """An interaction to look into."""

    slope: str = Field(description="The variable whose slope is asked.")
    over: str = Field(description="The variable it may depend on; their product is in the model.")


class LinearModel(Regression):
    """A linear model of one wave, entered block by block."""

    takes_full_information: ClassVar[bool] = True

    kind: Literal["linear"] = Field(description="One wave, block by block.")
    wave: Wave = Field(description="The wave it is taken from.")
    persons: Persons = Field("primary", description=PERSONS_MEANING)
    errors: Literal["HC0", "HC1", "HC2", "HC3", "HC4", "cluster", "cluster_cr1s"] = Field(
        "HC3",
        description="Standard errors: robust (HC0 to HC4), or clustered by triad (CR2 with "
        "Satterthwaite's degrees of freedom; or CR1S).",
    )
    weights: str | None = Field(
        None, description="A set of plan.weights: the last block is also fitted with them."
    )
    simple_slopes: list[SlopePlan] = Field(
        default_factory=list, description="Interactions to look into."
    )
    hinges: dict[str, float] = Field(
        default_factory=dict,
        description="Variables with a slope of their own below and above a value, such as 0 for "
        "inequity in both directions.",
    )

    @property
    def is_clustered(self) -> bool:
        """Whether rows of one triad may depend on one another."""
        return self.errors in {"cluster", "cluster_cr1s"}

    @property
    def sample(self) -> str:
        """The wave its rows are taken from."""
        return self.wave

    @model_validator(mode="after")
    def _clusters_where_needed(self) -> Self:
        if self.persons == "all" and not self.is_clustered:
            msg = "with persons: all a triad has several rows: use errors: cluster"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _slopes_in_model(self) -> Self:
        products = {frozenset(re.split(r"[:*]", t)) for block in self.blocks for t in block}
        for each in self.simple_slopes:
            if not any({each.slope, each.over} <= {n.strip() for n in p} for p in products):
                msg = f"simple_slopes: no term holds {each.slope}:{each.over}"
                raise ValueError(msg)
        return self


class MixedModel(Regression):
    """A linear mixed model of all waves: persons in triads, every person of the role."""

    kind: Literal["mixed"] = Field(description="All waves, persons in triads.")
    persons: Literal["all"] = Field(description="Every person of the role counts.")
    nesting: Literal["persons_in_triads", "triads_in_persons"] = Field(
        "persons_in_triads",
        description="triads_in_persons: one with many, such as professionals of several triads.",
    )
    crossed: str | None = Field(
        None,
        description="A role, such as professional, whose persons stand in several triads: an "
        "effect of theirs beside those of triads and of persons.",
    )
    slope: Literal["time"] | None = Field(
        None,
        description="time: persons differ in their change too, by a slope of their own over the "
        "years since the first wave.",
    )
    tests: Literal["kenward_roger", "satterthwaite", "normal"] = Field(
        "kenward_roger", description="Where standard errors and degrees of freedom come from."
    )
    likelihood: Literal["reml", "ml"] = Field(
        "reml",
        description="Restricted, or (ml) that of all rows, by which models with other terms can be "
        "compared; with tests: normal.",
    )

    @model_validator(mode="after")
    def _tests_under_reml(self) -> Self:
        if self.likelihood == "ml" and self.tests != "normal":
            msg = "degrees of freedom rest on REML: with likelihood: ml write tests: normal"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _slope_in_model(self) -> Self:
        if self.slope is None:
            return self
        if self.crossed is not None or self.nesting != "persons_in_triads":
            msg = "slope: is for persons in triads: leave crossed: and nesting: out"
            raise ValueError(msg)
        if not any(term.strip() == self.slope for block in self.blocks for term in block):
            msg = f"slope: {self.slope} needs the mean change too: add {self.slope} to a block"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _crossed_or_reversed(self) -> Self:
        if self.crossed is not None and self.nesting != "persons_in_triads":
            msg = "crossed: takes the place of nesting: triads_in_persons: leave one of them out"
            raise ValueError(msg)
        return self
