"""How a study fills in missing answers, and how it doubts that."""

from typing import Literal

from pydantic import Field

from driehoek.yamlfile import Closed


class ImputationPlan(Closed):
    """Multiple imputation, for models with missing: [complete, imputation]."""

    sets: int = Field(20, ge=2, le=1000, description="Completed data sets.")
    iterations: int = Field(10, ge=4, le=500, description="Rounds of the chained equations.")
    donors: int = Field(5, ge=1, le=50, description="People a missing answer is drawn from.")
    method: Literal["pmm", "ordinal"] = Field(
        "pmm", description="Items by predictive mean matching, or by proportional odds."
    )
    dont_know: Literal["keep", "impute"] = Field(
        "keep", description="Whether don't know counts as an answer that is missing."
    )
    lost: Literal["keep", "impute"] = Field(
        "impute", description="Rounds that a person missed after an earlier one."
    )
    auxiliary: list[str] = Field(
        default_factory=list,
        description="Variables outside the models that may predict what is missing.",
    )
    deltas: dict[str, list[float]] = Field(
        default_factory=dict,
        description="Not at random: by score, points that imputed answers may lie higher or lower.",
    )
