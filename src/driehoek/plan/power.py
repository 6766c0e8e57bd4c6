"""What a study that is still planned would look like, to see what it can find."""

from typing import Annotated, Literal

from pydantic import Field

from driehoek.yamlfile import Closed

FEWEST = 5  # with fewer triads a simulated wave may have nobody left
Effect = Literal["hours", "reciprocity", "trust", "interaction", "slope"]


class PowerPlan(Closed):
    """Sizes and effects for `driehoek power`."""

    triads: list[Annotated[int, Field(ge=FEWEST)]] = Field(
        default_factory=lambda: [100, 200, 300],
        min_length=1,
        description="Numbers of triads to try.",
    )
    studies: int = Field(100, ge=2, le=100_000, description="Simulated studies of each size.")
    dropout: float = Field(
        0.10, ge=0, lt=1, description="Share of persons who stop before each next wave."
    )
    incomplete: float = Field(0.10, ge=0, le=1, description="Share of triads that lack a role.")
    effects: dict[Effect, float] = Field(
        default_factory=dict,
        description="Effects on the latent burden of the carer where they differ from the demo's: "
        "per standard deviation of the latent predictor; slope: per wave.",
    )
