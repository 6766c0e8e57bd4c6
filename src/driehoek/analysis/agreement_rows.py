"""Agreement of two or more measurements of the same subjects, as statistics rows."""

from collections.abc import Iterator
from itertools import combinations, pairwise

import pandas as pd

from driehoek.psychometrics.agreement import (
    LimitsOfAgreement,
    intraclass_correlation,
    limits_of_agreement,
)
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.measurement_error import smallest_detectable_change

Fields = dict[str, object]
MOST_BANDS = 8
SAME = 9  # decimals to which averages are the same
BANDS = "Bland and Altman, means of bands"
NO_VARIANCE = "the scores do not vary beyond error, so that their share has no interval"

SAME_MEANS = "all subjects have the same mean, so that differences cannot grow with it"


def scores_rows(
    scores: pd.DataFrame, confidence: float, *, fewest: int, is_over_time: bool = False
) -> Iterator[Fields]:
    """Give intraclass correlations of all measurements, and of every pair with its differences.

    Parameters
    ----------
    scores : pandas.DataFrame, shape (subjects, measurements)
        Named columns, in order; one row a subject, missing as NaN.
    confidence : float
    fewest : int
        Subjects at least in a band of the differences.
    is_over_time : bool
        Whether the measurements are those of one person, so that a change can be detected.
    """
    if scores.shape[1] > 2:
        yield from _together(scores, confidence, is_over_time=is_over_time)
    for first, second in combinations(scores.columns, 2):
        group = pair_name(first, second)
        pair = scores[[first, second]]
        pair_rows = _together(pair, confidence, is_over_time=is_over_time)
        yield from ({**row, "group": group} for row in pair_rows)
        yield from ({**row, "group": group} for row in _differences(pair, confidence, fewest))


def pair_name(first: str, second: str) -> str:
    """Name a pair of measurements: second compared with first."""
    return f"{first} and {second}"


def _together(scores: pd.DataFrame, confidence: float, *, is_over_time: bool) -> Iterator[Fields]:
    head: Fields = {"method": "two-way ANOVA, single measurements"}
    n = len(scores.dropna())
    try:
        found = intraclass_correlation(scores, confidence=confidence)
    except TooFewDataError as fault:
        yield head | {"statistic": "icc_agreement", "n": n, "reason": str(fault)}
        return
    head |= {"n": found.n_subjects, "n_excluded": found.n_excluded}
    for kind in ("agreement", "consistency"):
        low, high = getattr(found, f"{kind}_low"), getattr(found, f"{kind}_high")
        yield head | {
            "statistic": f"icc_{kind}",
            "estimate": getattr(found, kind),
            "ci_low": low,
            "ci_high": high,
            "reason": NO_VARIANCE if low != low else "",
        }
    for kind, sem in (("agreement", found.sem_agreement), ("consistency", found.sem_consistency)):
        yield head | {"statistic": f"sem_{kind}", "estimate": sem}
    if is_over_time:
        change = smallest_detectable_change(found.sem_agreement, confidence=confidence)
        yield head | {"statistic": "smallest_detectable_change", "estimate": change}


def _differences(pair: pd.DataFrame, confidence: float, fewest: int) -> Iterator[Fields]:
    head: Fields = {"method": "Bland and Altman"}
    try:
        found = limits_of_agreement(
            pair.iloc[:, 0].to_numpy(float), pair.iloc[:, 1].to_numpy(float), confidence=confidence
        )
    except TooFewDataError as fault:
        yield head | {"statistic": "difference", "n": len(pair.dropna()), "reason": str(fault)}
        return
    head |= {"n": found.n, "n_excluded": found.n_excluded}
    yield from (head | row for row in _limits(found))
    for place, band in enumerate(difference_bands(pair, fewest=fewest), 1):
        common: Fields = {"method": BANDS, "term": str(place), "n": len(band)}
        yield common | {"statistic": "band_average", "estimate": float(band["average"].mean())}
        yield common | {
            "statistic": "band_difference",
            "estimate": float(band["difference"].mean()),
        }


def difference_bands(pair: pd.DataFrame, *, fewest: int) -> list[pd.DataFrame]:
    """Part subjects into bands by the average of their two measurements, low to high.

    Bands are about equally large and no more than `MOST_BANDS`, each of at least `fewest` subjects;
    who has the same average stands in the same band. None where there are too few subjects. What
    Bland and Altman plot for single subjects can so be shown without showing any of them.

    Returns
    -------
    list of pandas.DataFrame
        Columns ``average`` and ``difference`` (second minus first), a row a subject.
    """
    complete = pair.dropna().to_numpy(float)
    bands = pd.DataFrame(
        {
            "average": complete.mean(axis=1).round(SAME),
            "difference": complete[:, 1] - complete[:, 0],
        }
    ).sort_values("average", kind="stable", ignore_index=True)
    size = max(fewest, -(-len(bands) // MOST_BANDS))
    if len(bands) < size:
        return []
    average = bands["average"].to_numpy()
    starts = [0]
    for place in range(1, len(bands) - size + 1):
        if place - starts[-1] >= size and average[place] != average[place - 1]:
            starts.append(place)
    return [bands[start:end] for start, end in pairwise([*starts, len(bands)])]


def _limits(found: LimitsOfAgreement) -> Iterator[Fields]:
    yield {
        "statistic": "difference",
        "estimate": found.difference,
        "df": found.n - 1,
        "ci_low": found.difference_low,
        "ci_high": found.difference_high,
        "p": found.p,
    }
    yield {"statistic": "difference_sd", "estimate": found.sd}
    for side in ("lower", "upper"):
        yield {
            "statistic": f"limit_{side}",
            "estimate": getattr(found, side),
            "ci_low": getattr(found, f"{side}_low"),
            "ci_high": getattr(found, f"{side}_high"),
        }
    yield {
        "statistic": "difference_slope",
        "estimate": found.slope,
        "p": found.slope_p,
        "reason": SAME_MEANS if found.slope != found.slope else "",
    }
