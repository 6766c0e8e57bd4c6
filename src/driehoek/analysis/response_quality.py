"""How the answers came about: flags, indices of response quality, and missing answers."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import withhold_small_counts, withhold_small_samples
from driehoek.instrument.questions import Questionnaire
from driehoek.responses import MISSING_KINDS

NOT_MEASURED = (
    "no value: too few responses, items, scales or pairs of items for this index, or covariances "
    "that cannot be inverted"
)


def quality(
    flags: pd.DataFrame,
    measures: pd.DataFrame,
    long: pd.DataFrame,
    missing: pd.DataFrame,
    questionnaire: Questionnaire,
    min_cell: int,
) -> pd.DataFrame:
    """Count the kept responses that carry each flag, describe each index, and count gaps.

    Parameters
    ----------
    flags : pandas.DataFrame
        ``response, flag``: doubts about responses.
    measures : pandas.DataFrame
        ``response`` and a column for each index; NaN where a response has none.
    long : pandas.DataFrame
        One row per kept response: ``response, wave, role``.
    missing : pandas.DataFrame
        ``response`` and the kind of missing answer by question id.
    questionnaire : Questionnaire
    min_cell : int
        Counts, and means and SDs of samples, below it are withheld.

    Returns
    -------
    pandas.DataFrame
        Statistics rows: ``flagged`` (counts), ``index_mean`` and ``index_sd`` of each index, and
        ``missing_answers`` over all items of a role, where ``n`` is the number of answers there
        could have been, persons times items.
    """
    counts = [*_flagged(flags, long), *_missing_answers(long, missing, questionnaire)]
    within = ["wave", "role", "statistic", "term"]
    counted = withhold_small_counts(statistics_frame(counts, "quality"), min_cell, within)
    indices = statistics_frame(_indices(measures, long), "quality")
    return pd.concat([counted, withhold_small_samples(indices, min_cell)], ignore_index=True)


def _flagged(flags: pd.DataFrame, long: pd.DataFrame) -> list[Row]:
    persons = long[["response", "wave", "role"]]
    flagged = flags.drop_duplicates(["response", "flag"]).merge(persons, on="response")
    totals = persons.value_counts(["wave", "role"]).rename("n").reset_index()
    counts = flagged.value_counts(["wave", "role", "flag"]).rename("estimate").reset_index()
    records = counts.merge(totals, on=["wave", "role"]).rename(columns={"flag": "term"})
    records = records.sort_values(["wave", "role", "term"])
    records = records.assign(statistic="flagged", method="count")
    return [{str(k): v for k, v in each.items()} for each in records.to_dict("records")]


def _indices(measures: pd.DataFrame, long: pd.DataFrame) -> Iterator[Row]:
    known = long[["response", "wave", "role"]].merge(measures, on="response", how="left")
    names = [name for name in measures.columns if name not in {"response", "n_failed"}]
    for (wave, role), rows in known.groupby(["wave", "role"], sort=True):
        for name in names:
            values = rows[name].dropna().to_numpy(float)
            n = len(values)
            common = {"wave": wave, "role": role, "term": name, "n": n}
            common |= {"n_excluded": len(rows) - n, "reason": "" if n > 1 else NOT_MEASURED}
            mean, sd = (values.mean(), values.std(ddof=1)) if n > 1 else (np.nan, np.nan)
            yield {**common, "statistic": "index_mean", "estimate": mean, "method": "raw"}
            yield {**common, "statistic": "index_sd", "estimate": sd, "method": "n - 1"}


def _missing_answers(
    long: pd.DataFrame, missing: pd.DataFrame, questionnaire: Questionnaire
) -> Iterator[Row]:
    kinds = missing.set_index("response").loc[long["response"]].set_axis(long.index)
    for (wave, role), persons in long.groupby(["wave", "role"], sort=True):
        asked = [q.id for q in questionnaire.questions.values() if q.item and role in q.roles]
        found = kinds.loc[persons.index, asked].to_numpy(dtype=object)
        common = {"wave": wave, "role": role, "statistic": "missing_answers", "n": found.size}
        for kind in MISSING_KINDS:
            count = int((found == kind).sum())
            yield {**common, "term": kind, "estimate": count, "method": "count"}
