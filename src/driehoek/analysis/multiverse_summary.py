"""What the specifications of a multiverse come to, and which choices matter."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from driehoek.analysis.model_data import records
from driehoek.analysis.multiverse import FACTORS
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_near_samples
from driehoek.study import Study


def gathered(tables: Sequence[pd.DataFrame], study: Study) -> pd.DataFrame:
    """Put the specifications together, and say what the choices come to.

    For each multiverse: the number of specifications estimated and withheld, their median, the
    shares above zero and with an interval that excludes zero, and for each choice the share of
    the variance of the coefficients that lies between its options (eta squared; a choice with one
    option has none). These count every specification. The least and the greatest coefficient are
    those that are shown: a specification that leaves out fewer than `min_cell` persons of another
    is withheld.

    References
    ----------
    Steegen, Tuerlinckx, Gelman & Vanpaemel (2016), doi:10.1177/1745691616658637; Simonsohn,
    Simmons & Nelson (2020), doi:10.1038/s41562-020-0912-z.
    """
    every = statistics_frame([row for each in tables for row in records(each)], "multiverse")
    shown = _withheld(every, study)
    rows: list[Row] = records(shown)
    for name in study.settings.multiverse:
        is_own = every["scale"] == name
        rows += list(_summary(name, every[is_own], shown[is_own]))
    return statistics_frame(rows, "multiverse")


def _withheld(every: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Withhold specifications that differ from another by a few responses left out."""
    same = every["scale"] + "; " + every["group"].str.partition("; ")[2]  # all but who is left out
    return withhold_near_samples(every, same, study.settings.disclosure.min_cell)


def _summary(name: str, own: pd.DataFrame, shown: pd.DataFrame) -> Iterator[Row]:
    known, ends = own[own["estimate"].notna()], shown["estimate"].dropna()
    b = known["estimate"].to_numpy(float)
    head: Row = {"wave": _first(own["wave"]), "scale": name, "method": "specifications"}
    yield {**head, "statistic": "specifications", "estimate": len(own)}
    yield {**head, "statistic": "estimated", "estimate": len(known)}
    yield {**head, "statistic": "not_shown", "estimate": len(known) - len(ends)}
    if not len(known):
        return
    excludes = (known["ci_low"] > 0) | (known["ci_high"] < 0)
    values = {
        "median": np.median(b),
        "least": ends.min(),
        "greatest": ends.max(),
        "share_above_zero": (b > 0).mean(),
        "share_excluding_zero": excludes.mean(),
    }
    yield from ({**head, "statistic": key, "estimate": value} for key, value in values.items())
    choices = known["group"].str.split("; ", expand=True)
    for position, factor in enumerate(FACTORS):
        options = choices[position].str.partition("=")[2]
        row = {**head, "statistic": "eta2", "term": factor, "method": "between options"}
        if options.nunique() < 2:
            yield {**row, "reason": "one option only"}
        elif b.var() == 0:
            yield {**row, "reason": "all specifications give the same coefficient"}
        else:
            yield {**row, "estimate": _eta2(b, options)}


def _eta2(b: np.ndarray, options: pd.Series) -> float:
    means = pd.Series(b).groupby(options.to_numpy()).transform("mean").to_numpy()
    return float(((means - b.mean()) ** 2).sum() / ((b - b.mean()) ** 2).sum())


def _first(column: pd.Series) -> str:
    return str(column.iloc[0]) if len(column) else ""
