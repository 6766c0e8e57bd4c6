"""Plans for comparisons of groups, roles and waves."""

from typing import Annotated

from pydantic import Field

from driehoek.plan.base import OneOrMore, Planned, Status, Wave
from driehoek.plan.regression import PERSONS_MEANING, Persons


class ComparisonPlan(Planned):
    """One comparison of scores, numbers or choices."""

    outcomes: Annotated[list[str], OneOrMore] = Field(
        min_length=1,
        description="Scores, numbers or choices, such as carer.burden; across roles two or more "
        "that belong together, such as [seeker.trust.about_carer, carer.trust.about_seeker].",
    )
    by: str = Field(
        description="roles (within triads), waves (within persons), or a choice such as "
        "carer.relation."
    )
    wave: Wave | None = Field(None, description="Default: the first; not with by: waves.")
    persons: Persons = Field("primary", description=PERSONS_MEANING)
    status: Status = Field(
        "planned", description="Whether it was planned before the data were seen."
    )
