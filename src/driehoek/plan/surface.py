"""Plans for the balance of giving and receiving, and for agreement between two roles."""

from typing import Literal, Self

from pydantic import Field, model_validator

from driehoek.plan.base import Model, Wave
from driehoek.plan.regression import PERSONS_MEANING, Persons


class ResponseSurfaceModel(Model):
    """How an outcome goes with two scores on one scale, wherever they agree or differ."""

    kind: Literal["response_surface"] = Field(
        description="Two scores on one scale, or one bipolar score."
    )
    outcome: str = Field(description="Such as carer.burden.")
    predictors: list[str] = Field(
        min_length=1,
        max_length=2,
        description="Two scores with one range: giving and receiving, or one score of two roles; "
        "or one bipolar score, such as who gives more.",
    )
    covariates: list[str] = Field(default_factory=list, description="Terms that shift the surface.")
    wave: Wave = Field(description="The wave it is taken from.")
    persons: Persons = Field("primary", description=PERSONS_MEANING)
    bounds: tuple[float, float] | None = Field(
        None, description="Lowest and highest possible score; left out, those of the instrument."
    )
    errors: Literal["HC3", "cluster"] = Field(
        "HC3", description="Standard errors: robust, or clustered by triad (CR2)."
    )

    @property
    def sample(self) -> str:
        """The wave its rows are taken from."""
        return self.wave

    @property
    def outcomes(self) -> list[str]:
        """The variable that the model explains."""
        return [self.outcome]

    @property
    def terms(self) -> list[list[str]]:
        """The predictors, then the covariates."""
        return [self.predictors, self.covariates] if self.covariates else [self.predictors]

    @model_validator(mode="after")
    def _clusters_where_needed(self) -> Self:
        if self.persons == "all" and self.errors != "cluster":
            msg = "with persons: all a triad has several rows: use errors: cluster"
            raise ValueError(msg)
        return self
