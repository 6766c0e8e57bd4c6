"""Plans for models in which the members of a triad depend on one another."""

from typing import Literal, Self

from pydantic import Field, model_validator

from driehoek.plan.base import Model, Wave


class ActorPartnerModel(Model):
    """Each member's outcome, explained by their own predictor and by that of the others."""

    kind: Literal["actor_partner"] = Field(
        description="Two or three members; their residuals covary."
    )
    outcome: dict[str, str] = Field(
        min_length=2, max_length=3, description="By role, what the member reports about self."
    )
    predictor: dict[str, str] = Field(
        min_length=2, max_length=3, description="By role, the predictor; the same roles."
    )
    covariates: list[str] = Field(
        default_factory=list, description="Terms with an effect of their own on each member."
    )
    wave: Wave | None = Field(None, description="Left out: all waves.")
    covariance: Literal["stable_and_occasion", "unstructured"] = Field(
        "stable_and_occasion",
        description="Over waves: members covary in what lasts and in what belongs to one wave; "
        "or every pair of members and waves is free.",
    )
    parts: bool = Field(
        False,
        description="Whether to part predictors into a member's mean over the waves and the "
        "deviation from it; three waves or more.",
    )
    errors: Literal["cluster", "model"] = Field(
        "cluster",
        description="Standard errors where persons stand in several triads: clustered by the "
        "triads that they tie together (CR2), or the model's, which take triads as independent.",
    )
    bootstrap: int = Field(
        1000, ge=0, le=100_000, description="Samples for the interval of partner over actor."
    )

    @model_validator(mode="after")
    def _roles_fit(self) -> Self:
        if set(self.outcome) != set(self.predictor):
            msg = "outcome and predictor must name the same roles"
            raise ValueError(msg)
        if self.parts and self.wave is not None:
            msg = "parts: true needs the waves: leave wave: out"
            raise ValueError(msg)
        return self

    @property
    def sample(self) -> str:
        """The wave its rows are taken from, or all."""
        return self.wave or "all"

    @property
    def outcomes(self) -> list[str]:
        """The members' outcomes."""
        return list(self.outcome.values())

    @property
    def terms(self) -> list[list[str]]:
        """The members' predictors, then the covariates."""
        predictors = [self.predictor[role] for role in self.outcome]
        return [predictors, self.covariates] if self.covariates else [predictors]
