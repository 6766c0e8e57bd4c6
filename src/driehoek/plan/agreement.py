"""Plans for the agreement between roles and the stability of scores over waves."""

from pydantic import Field

from driehoek.plan.base import Planned, Wave


class AgreementPlan(Planned):
    """How far roles of one triad agree on one scale."""

    scores: list[str] = Field(
        min_length=2,
        description="One scale as two or more roles answer it, best about one and the same person, "
        "such as [carer.burden.about_carer, seeker.burden.about_carer].",
    )
    meta: bool = Field(
        False,
        description="Whether the first score is what a member thinks that the other thinks, and "
        "the second what that other says: two scales with the same answers, such as "
        "[carer.trust_from_other.about_seeker, seeker.trust_in_other.about_carer].",
    )
    wave: Wave | None = Field(None, description="Default: the first.")


class RetestPlan(Planned):
    """How stable a score is over waves: test-retest reliability, and who changed reliably."""

    score: str = Field(description="The score, such as carer.burden.about_carer.")
    waves: list[Wave] = Field(
        default_factory=list, description="Two or more, in order; default: all of the study."
    )
