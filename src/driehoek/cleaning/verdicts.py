"""Which responses the rules of a study catch."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from driehoek.plan.quality import Quality

FLAG_TYPES = {"response": "str", "flag": "str", "value": "float64", "threshold": "float64"}
FLAG_COLUMNS = tuple(FLAG_TYPES)


class Limit(NamedTuple):
    """A rule: its name as a flag (or reason), the rule of the study, and what it looks at.

    ``caught`` says on which side of the limit a value is caught.
    """

    flag: str
    rule: str
    measure: str
    limit: str
    caught: str


LIMITS = (
    Limit("below_completion", "completion", "completion", "at_least", "below"),
    Limit("too_fast", "speed", "seconds_per_item", "seconds_per_item", "below"),
    Limit("longstring", "longstring", "longstring", "at_least", "from"),
    Limit("average_longstring", "average_longstring", "average_longstring", "at_least", "from"),
    Limit("low_variability", "variability", "variability", "below", "below"),
    Limit("mahalanobis", "mahalanobis", "mahalanobis", "p", "below"),
    Limit("even_odd", "even_odd", "even_odd", "below", "below"),
    Limit("synonyms", "synonyms", "synonyms", "below", "below"),
    Limit("antonyms", "antonyms", "antonyms", "above", "above"),
    Limit("person_fit", "person_fit", "person_fit", "at_least", "from"),
)


def verdicts(measures: pd.DataFrame, rules: Quality) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield each rule of a study: its name, its action, and the responses it catches.

    Yields
    ------
    tuple
        Name of the rule (a flag, or a reason to exclude), ``flag`` or ``exclude``, and a table
        with `FLAG_COLUMNS`. A failed attention check is flagged, never a reason to exclude.
    """
    for each in LIMITS:
        rule = getattr(rules, each.rule)
        if rule is not None:
            threshold = float(getattr(rule, each.limit))
            yield each.flag, rule.action, _caught(measures, each, threshold)
    failed = Limit("failed_check", "", "n_failed", "", "from")
    yield failed.flag, "flag", _caught(measures, failed, 1.0)


def _caught(measures: pd.DataFrame, each: Limit, threshold: float) -> pd.DataFrame:
    value = measures[each.measure]
    where = {"below": value < threshold, "above": value > threshold, "from": value >= threshold}
    caught = where[each.caught]
    return pd.DataFrame(
        {
            "response": measures["response"][caught],
            "flag": pd.Series(each.flag, index=measures.index[caught], dtype="str"),
            "value": value[caught].astype(float),
            "threshold": threshold,
        }
    )
