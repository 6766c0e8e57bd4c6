"""Weights that make a sample look like its population in what is known of both."""

from pydantic import Field, field_validator

from driehoek.yamlfile import Closed

ROUNDING = 0.005


class WeightsPlan(Closed):
    """Raking of the people of one role to known shares, wave by wave."""

    role: str = Field(description="Whose answers are weighted.")
    margins: dict[str, dict[str, float]] = Field(
        min_length=1,
        description="By choice question, the share of each option code in the population.",
    )
    trim: float | None = Field(
        None, gt=1, description="Largest weight, as a multiple of the mean weight."
    )

    @field_validator("margins")
    @classmethod
    def _add_up(cls, margins: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
        for question, shares in margins.items():
            if any(share <= 0 for share in shares.values()):
                msg = f"the shares of {question} must be above 0"
                raise ValueError(msg)
            if abs(sum(shares.values()) - 1) > ROUNDING:
                msg = f"the shares of {question} add up to {sum(shares.values()):g}, not to 1"
                raise ValueError(msg)
        return margins
