"""The plan for results with and without flagged responses."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from driehoek.plan.base import OneOrMore
from driehoek.yamlfile import Closed

QualityFlag = Literal[
    "below_completion",
    "too_fast",
    "longstring",
    "average_longstring",
    "low_variability",
    "mahalanobis",
    "even_odd",
    "synonyms",
    "antonyms",
    "person_fit",
    "failed_check",
]
QUALITY_FLAGS: tuple[QualityFlag, ...] = get_args(QualityFlag)


class WithoutFlagged(Closed):
    """Scores, reliability, correlations, comparisons and models again, without some responses."""

    flags: Annotated[list[QualityFlag], OneOrMore] = Field(
        list(QUALITY_FLAGS), min_length=1, description="Flags that count; default: every one."
    )
    at_least: int = Field(
        1, ge=1, description="Responses with this many of these flags are left out."
    )
