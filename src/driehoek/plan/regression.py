"""Plans for regression models: one outcome, terms in blocks."""

from typing import Literal, Self

from pydantic import Field, model_validator

from driehoek.plan.base import Model, Wave

Missing = Literal["complete"]
Persons = Literal["primary", "all"]
PERSONS_MEANING = "One row a triad (the primary person), or every person of the role."


class Regression(Model):
    """A model of one outcome."""

    outcome: str = Field(description="Such as carer.burden.")
    blocks: list[list[str]] = Field(min_length=1, description="Terms, entered block by block.")
    missing: list[Missing] = Field(
        ["complete"], min_length=1, description="complete: the rows that have every value."
    )

    @property
    def outcomes(self) -> list[str]:
        """The variable that the model explains."""
        return [self.outcome]

    @property
    def terms(self) -> list[list[str]]:
        """The terms that explain it, block by block."""
        return self.blocks


class LinearModel(Regression):
    """A linear model of one wave, entered block by block."""

    kind: Literal["linear"] = Field(description="One wave, block by block.")
    wave: Wave = Field(description="The wave it is taken from.")
    persons: Persons = Field("primary", description=PERSONS_MEANING)
    errors: Literal["HC3", "cluster"] = Field(
        "HC3", description="Standard errors: robust (HC3), or clustered by triad."
    )

    @property
    def sample(self) -> str:
        """The wave its rows are taken from."""
        return self.wave

    @model_validator(mode="after")
    def _clusters_where_needed(self) -> Self:
        if self.persons == "all" and self.errors != "cluster":
            msg = "with persons: all a triad has several rows: use errors: cluster"
            raise ValueError(msg)
        return self


class MixedModel(Regression):
    """A linear mixed model of all waves: persons in triads, every person of the role."""

    kind: Literal["mixed"] = Field(description="All waves, persons in triads.")
    persons: Literal["all"] = Field(description="Every person of the role counts.")
    tests: Literal["kenward_roger", "satterthwaite", "normal"] = Field(
        "kenward_roger", description="Where standard errors and degrees of freedom come from."
    )
