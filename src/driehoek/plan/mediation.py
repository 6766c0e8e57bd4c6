"""Plans for mediation."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from driehoek.plan.base import Model, OneOrMore, Wave
from driehoek.plan.regression import PERSONS_MEANING, Persons


class MediationModel(Model):
    """Whether a predictor goes with an outcome by way of one or more mediators."""

    kind: Literal["mediation"] = Field(description="Predictor, mediators, outcome.")
    outcome: str = Field(description="Such as carer.burden.")
    predictor: str = Field(description="A score or a number.")
    mediators: Annotated[list[str], OneOrMore] = Field(
        min_length=1, max_length=5, description="Scores or numbers, side by side."
    )
    covariates: list[str] = Field(default_factory=list, description="Terms in every equation.")
    moderator: str | None = Field(
        None, description="A score or number on which the paths under moderated depend."
    )
    moderated: list[Literal["a", "b", "direct"]] = Field(
        default_factory=list,
        description="a: predictor to mediators, b: mediators to outcome, direct: predictor to "
        "outcome.",
    )
    wave: Wave = Field(description="The wave of the predictor and of all that has no other.")
    mediator_wave: Wave | None = Field(None, description="A later wave for the mediators.")
    outcome_wave: Wave | None = Field(None, description="A later wave for the outcome.")
    persons: Persons = Field("primary", description=PERSONS_MEANING)
    bootstrap: int = Field(5000, ge=1000, le=100_000, description="Samples of triads.")

    @model_validator(mode="after")
    def _moderator_has_paths(self) -> Self:
        if (self.moderator is None) != (not self.moderated):
            msg = "moderator and moderated go together: name the variable and its paths"
            raise ValueError(msg)
        return self

    @property
    def sample(self) -> str:
        """The wave its rows start from."""
        return self.wave

    @property
    def waves_named(self) -> list[str]:
        """Every wave that it names."""
        return [w for w in (self.wave, self.mediator_wave, self.outcome_wave) if w is not None]

    @property
    def outcomes(self) -> list[str]:
        """The variable that the model explains."""
        return [self.outcome]

    @property
    def terms(self) -> list[list[str]]:
        """Predictor, mediators and moderator, then the covariates."""
        moderator = [self.moderator] if self.moderator else []
        names = [self.predictor, *self.mediators, *moderator]
        return [names, self.covariates] if self.covariates else [names]
