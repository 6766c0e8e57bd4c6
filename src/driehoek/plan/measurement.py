"""Plans for reliability, structure and invariance."""

from typing import Annotated, Literal

from pydantic import Field

from driehoek.plan.base import OneOrMore, Planned, Wave
from driehoek.yamlfile import Closed

FactorEstimator = Literal["auto", "WLSMV", "MLR"]
FactorMissing = Literal["all", "complete"]
ESTIMATOR_MEANING = (
    "WLSMV: ordered answers; MLR: robust maximum likelihood; auto: WLSMV for items of at most 5 "
    "options, else MLR. With missing answers across waves or roles, auto takes MLR from 5 options."
)
MISSING_MEANING = (
    "all: every answer counts (MLR: full information; WLSMV in one group: pairwise); complete: "
    "only rows without a gap."
)


class ReliabilityPlan(Closed):
    """Reliability of the scales."""

    scales: list[str] | Literal["all"] = Field("all", description="Names of scales, or all.")
    bootstrap: int = Field(
        1000, ge=0, le=100_000, description="Samples for intervals by resampling (omega, alpha)."
    )
    resampling: Literal["percentile", "bca"] = Field(
        "percentile",
        description="Interval from the samples; bca corrects for bias and skewness, and is slower.",
    )
    alpha_interval: Literal["feldt", "bonett", "bootstrap"] = Field(
        "feldt",
        description="feldt, bonett: normal answers with equal covariances; bootstrap: no such "
        "assumption. Where a triad holds several rows, triads are resampled whatever stands here.",
    )
    ordinal: bool = Field(
        default=True,
        description="Also ordinal alpha and categorical omega, for items of at most 7 options.",
    )
    mokken: bool = Field(default=True, description="Also Mokken's H of the scale and its items.")


class StructurePlan(Closed):
    """Factor models, to see whether the items of a scale go together as its facets say."""

    scales: list[str] | Literal["all"] = Field("all", description="Names of scales, or all.")
    estimator: FactorEstimator = Field("auto", description=ESTIMATOR_MEANING)
    missing: FactorMissing = Field("all", description=MISSING_MEANING)
    wave: Wave | None = Field(None, description="Default: the first.")
    model: Literal["facets", "one_factor", "second_order", "bifactor"] = Field(
        "facets",
        description="facets: correlated factors; one_factor: all items; second_order: a general "
        "factor behind the facets; bifactor: beside them.",
    )
    parallel: Literal["auto", "pearson", "polychoric"] = Field(
        "auto",
        description="Correlations of the parallel analysis; auto: polychoric for ordered answers "
        "(WLSMV), else Pearson.",
    )
    method_factor: bool = Field(
        default=False, description="Also a factor of the reversed items, apart from the others."
    )


class InvariancePlan(Planned):
    """One ladder of invariance, to see whether a score means the same to all compared."""

    scores: Annotated[list[str], OneOrMore] = Field(
        min_length=1,
        description="The score, such as carer.burden; across roles two or more of one scale, such "
        "as [seeker.trust.about_carer, carer.trust.about_seeker].",
    )
    across: str = Field(
        description="waves, roles (within triads, parallel items only), or a choice such as "
        "carer.gender."
    )
    estimator: FactorEstimator = Field("auto", description=ESTIMATOR_MEANING)
    missing: FactorMissing = Field("all", description=MISSING_MEANING)
    wave: Wave | None = Field(None, description="Default: the first; not with across: waves.")
