"""Who took part, what they answered, and how the scores are distributed."""

from collections.abc import Iterator, Set

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from driehoek.analysis.rows import Row, statistics_frame
from driehoek.disclosure import (
    DOMINATED,
    is_dominated,
    withhold,
    withhold_small_counts,
    withhold_small_samples,
)
from driehoek.instrument.columns import score_column
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.responses import MISSING_KINDS

DOMINATED_ROW = {"estimate": np.nan, "reason": DOMINATED}
SOLVABLE = "withheld: with the other figures it would give away a withheld count"


def flow(ledger: pd.DataFrame) -> pd.DataFrame:
    """Count responses by their fate, per wave and role.

    Parameters
    ----------
    ledger : pandas.DataFrame
        One row per raw row: ``wave, role, fate`` (kept or excluded) and ``reason``.

    Returns
    -------
    pandas.DataFrame
        Statistics rows; these are counts of the study's conduct, not of answers, and are
        published whole so that they add up.
    """
    rows = ledger[ledger["fate"].isin(["kept", "excluded"])]
    keys = ["wave", "role", "fate", "reason"]
    counts = rows.groupby(keys, sort=True)["n"].sum().rename("estimate").reset_index()
    records = counts.rename(columns={"fate": "group", "reason": "term"})
    records = records.assign(statistic="responses", n=records["estimate"], method="count")
    return statistics_frame(_records(records), "flow")


def background(long: pd.DataFrame, questionnaire: Questionnaire, min_cell: int) -> pd.DataFrame:
    """Count the answers to each background choice, and describe each number."""
    asked = [q for q in questionnaire.questions.values() if q.item is None and q.is_stored]
    groups = list(long.groupby(["wave", "role"], sort=True))
    rows = [
        row
        for question in asked
        for (wave, role), persons in groups
        if role in question.roles
        for row in _answers(question, persons[question.id], str(wave), str(role))
    ]
    return _published(rows, "background", min_cell, frozenset())


def items(
    long: pd.DataFrame, missing: pd.DataFrame, questionnaire: Questionnaire, min_cell: int
) -> pd.DataFrame:
    """Tabulate the answers to each item: counts by option and by kind of missing answer.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per kept response: ``response, wave, role`` and analysis values by question id.
    missing : pandas.DataFrame
        ``response`` and the kind of missing answer by question id, "" where answered.
    questionnaire : Questionnaire
    min_cell : int
        Counts below it are withheld.
    """
    kinds = _kinds_of(long, missing)
    rows = [
        row
        for question in questionnaire.questions.values()
        if question.item is not None
        for asked in [long["role"].isin(question.roles)]
        for wave, answers in long.loc[asked, question.id].groupby(long["wave"], sort=True)
        for row in [
            *_answers(question, answers, str(wave), question.roles[0]),
            *_missing(question, kinds.loc[answers.index, question.id], str(wave)),
        ]
    ]
    return _published(rows, "items", min_cell, _questions_alone(questionnaire))


def scores(
    long: pd.DataFrame, questionnaire: Questionnaire, *, confidence: float, min_cell: int
) -> pd.DataFrame:
    """Describe each score per wave and role: mean with t interval, and SD."""
    rows = [
        row
        for name, scale in questionnaire.instrument.scales.items()
        for role, about in questionnaire.presentations(name)
        for facet in ["", *(scale.facets or {})]
        for column in [score_column(name, facet, about)]
        if column in long
        for wave, values in long.loc[long["role"] == role, column].groupby(long["wave"], sort=True)
        for row in _score(
            values, confidence,
            {"wave": wave, "role": role, "about": about or "", "scale": name, "group": facet},
        )
    ]  # fmt: skip
    return withhold_small_samples(statistics_frame(rows, "scores"), min_cell)


def _kinds_of(long: pd.DataFrame, missing: pd.DataFrame) -> pd.DataFrame:
    return missing.set_index("response").loc[long["response"]].set_axis(long.index)


def _records(table: pd.DataFrame) -> list[Row]:
    return [{str(k): v for k, v in each.items()} for each in table.to_dict("records")]


def _answers(question: Question, answers: pd.Series, wave: str, role: str) -> Iterator[Row]:
    common = {"wave": wave, "role": role, "about": question.about or "", "term": question.id}
    values = answers.to_numpy(dtype=float)
    answered = values[~np.isnan(values)]
    n, lost = len(answered), len(values) - len(answered)
    counted = {**common, "statistic": "count", "n": n, "n_excluded": lost, "method": "count"}
    for code, value in question.values.items():
        yield {**counted, "group": code, "estimate": int((answered == value).sum())}
    if question.kind == "number" or question.item is not None:
        rows = _moments(answered, {**common, "n": n, "n_excluded": lost})
        hides = question.kind == "number" and is_dominated(answered)
        yield from ({**row, **DOMINATED_ROW} for row in rows) if hides else rows


def _missing(question: Question, kinds: pd.Series, wave: str) -> Iterator[Row]:
    counts = kinds.value_counts()
    common = {"wave": wave, "role": question.roles[0], "about": question.about or ""}
    common |= {"term": question.id, "statistic": "missing", "method": "count"}
    for kind in MISSING_KINDS:
        yield {**common, "group": kind, "estimate": int(counts.get(kind, 0)), "n": len(kinds)}


def _moments(answered: np.ndarray, common: Row) -> Iterator[dict[str, object]]:
    n = len(answered)
    reason = "" if n else "nobody answered"
    mean = answered.mean() if n else np.nan
    yield {**common, "statistic": "mean", "estimate": mean, "method": "raw", "reason": reason}
    deviation = answered.std(ddof=1) if n > 1 else np.nan
    reason = "" if n > 1 else "fewer than two answers"
    yield {**common, "statistic": "sd", "estimate": deviation, "method": "n - 1", "reason": reason}


def _score(column: pd.Series, confidence: float, common: Row) -> Iterator[Row]:
    values = column.to_numpy(dtype=float)
    scored = values[~np.isnan(values)]
    n = len(scored)
    common = {**common, "n": n, "n_excluded": len(values) - n}
    mean_row, sd_row = _moments(scored, common)
    if n > 1:
        se = scored.std(ddof=1) / np.sqrt(n)
        reach = stdtrit(n - 1, (1 + confidence) / 2) * se
        low, high = scored.mean() - reach, scored.mean() + reach
        interval = {"se": se, "df": n - 1, "ci_low": low, "ci_high": high, "method": "t interval"}
        mean_row = {**mean_row, **interval}
    yield mean_row
    yield sd_row


def _published(rows: list[Row], file: str, min_cell: int, alone: Set[str]) -> pd.DataFrame:
    """Withhold small cells, and what would give them away.

    With n, mean and SD of a question up to three withheld counts can be solved for. So a question
    with a withheld count shows no mean and SD; one that is a score by itself (`alone`), whose mean
    is published among the scores, shows no counts.
    """
    table = withhold_small_samples(statistics_frame(rows, file), min_cell)
    counts = table["statistic"].isin(["count", "missing"])
    within = ["wave", "role", "term", "statistic"]
    hidden = withhold_small_counts(table[counts], min_cell, within)
    table = pd.concat([hidden, table[~counts]]).loc[table.index]
    keys = [table["wave"], table["role"], table["term"]]
    gap = (table["statistic"] == "count") & table["estimate"].isna()
    has_gap = gap.groupby(keys).transform("any")
    is_alone = table["term"].isin(alone)
    solvable = has_gap & (
        (table["statistic"].isin(["mean", "sd"]) & ~is_alone)
        | ((table["statistic"] == "count") & is_alone & table["estimate"].notna())
    )
    return withhold(table, solvable.to_numpy(), SOLVABLE)


def _questions_alone(questionnaire: Questionnaire) -> Set[str]:
    """Give the questions whose answer is a score by itself: the only one of their facet."""
    return {
        questions[0]
        for scale in questionnaire.instrument.scales
        for role, about in questionnaire.presentations(scale)
        for questions in questionnaire.facet_questions(scale, role, about).values()
        if len(questions) == 1
    }
