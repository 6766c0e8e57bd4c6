"""Plans for models of yes or no, ordered choices, counts and bounded scores."""

from typing import Literal, Self

from pydantic import Field, model_validator

from driehoek.plan.base import Wave
from driehoek.plan.regression import PERSONS_MEANING, Persons, Regression


class GeneralisedModel(Regression):
    """A model of one wave that is fitted by maximum likelihood, block by block."""

    wave: Wave = Field(description="The wave it is taken from.")
    persons: Persons = Field("primary", description=PERSONS_MEANING)
    errors: Literal["robust", "model", "cluster"] = Field(
        "robust", description="Standard errors: the sandwich, the model's, or clustered by triad."
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


class LogisticModel(GeneralisedModel):
    """Log odds of a yes."""

    kind: Literal["logistic"] = Field(description="Yes or no.")
    event: str | None = Field(
        None, description="Code of the answer that counts as a yes; left out for a 0 or 1."
    )


class OrdinalModel(GeneralisedModel):
    """Proportional odds of an ordered choice, with Brant's test of them."""

    kind: Literal["ordinal"] = Field(description="An ordered choice or a score of few values.")


class CountModel(GeneralisedModel):
    """Log of an expected count, such as hours."""

    kind: Literal["count"] = Field(description="A count.")
    family: Literal["negative_binomial", "poisson"] = Field(
        "negative_binomial",
        description="Whether counts vary more than a Poisson's (whole numbers only), or not.",
    )


class FractionalModel(GeneralisedModel):
    """Log odds of a score as a share of its range."""

    kind: Literal["fractional"] = Field(description="A score with a floor and a ceiling.")
    bounds: tuple[float, float] | None = Field(
        None, description="Lowest and highest possible score; left out, those of the instrument."
    )
    errors: Literal["robust", "cluster"] = Field(
        "robust", description="Standard errors: the sandwich, or clustered by triad."
    )
