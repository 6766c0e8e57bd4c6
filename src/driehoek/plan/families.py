"""Plans for what is concluded from several estimates together."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from driehoek.plan.base import OneOrMore, Planned
from driehoek.yamlfile import Closed


class Estimate(Closed):
    """One estimate of the plan, found by what it is about."""

    model: str | None = Field(None, description="A model of the plan.")
    comparison: str | None = Field(None, description="Or a comparison of the plan.")
    correlation: str | None = Field(None, description="Or a set of correlations of the plan.")
    term: str = Field(
        "",
        description="A term of the model (of a choice: all its levels), actor or partner_<role>; "
        "the outcome of a comparison; or two variables of a correlation, joined by ~.",
    )
    group: str | None = Field(
        None, description="The member whose outcome it is, or a pair; left out, every one."
    )
    statistic: str | None = Field(
        None, description="Left out: b, difference (of a comparison), or r."
    )

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if sum(each is not None for each in (self.model, self.comparison, self.correlation)) != 1:
            msg = "name one of model, comparison and correlation"
            raise ValueError(msg)
        return self

    @property
    def file(self) -> str:
        """The statistics file that holds it."""
        return "models" if self.model else "comparisons" if self.comparison else "correlations"

    @property
    def name(self) -> str:
        """The model, comparison or set."""
        return self.model or self.comparison or self.correlation or ""


class FamilyPlan(Planned):
    """Tests that answer one question, adjusted for one another."""

    tests: list[Estimate] = Field(min_length=1, description="The tests of the family.")
    adjust: Annotated[list[Literal["holm", "bh"]], OneOrMore] = Field(
        ["holm"],
        min_length=1,
        description="holm: the chance of any wrong rejection; bh: the share of wrong ones.",
    )


class EquivalencePlan(Planned):
    """Whether an estimate is too small to matter."""

    of: Estimate = Field(description="The estimate.")
    within: tuple[float, float] = Field(
        description="Lower and upper bound, such as [-0.1, 0.1]: the smallest effects of interest."
    )

    @field_validator("within")
    @classmethod
    def _in_order(cls, within: tuple[float, float]) -> tuple[float, float]:
        if within[0] >= within[1]:
            msg = "the lower bound comes first"
            raise ValueError(msg)
        return within
