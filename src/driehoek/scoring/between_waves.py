"""The guard between waves: answers of the same people that do not go together from wave to wave.

The keying guard compares items within a wave and cannot see what all items of a facet share: a
whole scale coded the other way in one export, a column sorted by itself, codes of persons that
moved to other rows. Two waves of the same people show it.
"""

import itertools
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Questionnaire
from driehoek.problems import AnswersError, Problem
from driehoek.scoring.guard import correlation, fisher_interval

NORMAL_9995 = 3.290526731491926  # hundreds of questions are compared: 99.9 % intervals
FEWEST_PERSONS, FEWEST_QUESTIONS = 20, 5
NO_TIE, COPY = 0.10, 0.995
KEYS = ["triad", "person"]  # a professional answers once for each triad
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StabilityRow:
    """One question in two successive waves, answered by the same people.

    Attributes
    ----------
    role, earlier, later, question : str
        ``question`` is "" in the row on all questions of a role together.
    n : int
        Persons who answered it in both waves; of all questions together: the most of any.
    r : float
        Correlation of both answers; of all questions together: the median. NaN where fewer than
        20 persons (of all together: five questions) are there or an answer does not vary.
    ci_low, ci_high : float
        99.9 % interval by Fisher's z; NaN of all questions together.
    median : float
        Median correlation of the other questions; NaN where there are fewer than four others.
    verdict : str
        stop (the whole interval below zero), apart (the whole interval below half the median of
        the others), ok or none; of all questions together copied (a median of .995 or more: it
        stops too), untied (a median below .10), ok or none.
    """

    role: str
    earlier: str
    later: str
    question: str
    n: int
    r: float
    ci_low: float
    ci_high: float
    median: float
    verdict: str


def stability_table(
    long: pd.DataFrame, questionnaire: Questionnaire, waves: Sequence[str]
) -> pd.DataFrame:
    """Correlate the answers to every question of a scale between successive waves.

    Parameters
    ----------
    long : pandas.DataFrame
        Kept responses: ``triad, person, wave, role`` and the answers. Rows without a person code
        are left out, and those of a person who has several responses in a wave.
    questionnaire : Questionnaire
    waves : sequence of str
        In their order.

    Returns
    -------
    pandas.DataFrame
        Columns as the attributes of `StabilityRow`. A question that another version of the
        questionnaire asked, or that nobody answered in one of the waves, has verdict none.

    References
    ----------
    Fisher (1921), Metron 1, 3-32, for the interval.
    """
    asked = _questions(questionnaire)
    rows = [
        row
        for role, questions in asked.items()
        for earlier, later in itertools.pairwise(waves)
        for row in _rows(long, role, earlier, later, questions)
    ]
    return pd.DataFrame(
        [asdict(row) for row in rows], columns=list(StabilityRow.__dataclass_fields__)
    )


def heed_stability(table: pd.DataFrame, file: str) -> None:
    """Log what looks wrong; stop at questions that run the other way, and at a wave given twice.

    Raises
    ------
    AnswersError
        With every question whose interval lies below zero, and every role whose answers are those
        of the wave before.
    """
    for row in table[table["verdict"].isin(["apart", "untied"])].itertuples():
        if row.verdict == "untied":
            LOG.warning(
                "%s in waves %s and %s: answers of the same codes hardly go together (median "
                "correlation %.2f, up to %d persons): do the codes stand for the same people?",
                *(row.role, row.earlier, row.later, row.r, row.n),
            )
        else:
            LOG.warning(
                "%s in waves %s and %s: answers to %s of the same people correlate %.2f (n = %d), "
                "those to other questions %.2f: was a column sorted or pasted by itself?",
                *(row.role, row.earlier, row.later, row.question, row.r, row.n, row.median),
            )
    turned, copied = (table[table["verdict"] == verdict] for verdict in ("stop", "copied"))
    problems = [
        *(_copied(row, file) for _, row in copied.iterrows()),
        *(_turned(row, file) for _, row in turned.iterrows()),
    ]
    if problems:
        raise AnswersError(problems)


def _questions(questionnaire: Questionnaire) -> dict[str, list[str]]:
    """Give the questions of scales by the role that answers them."""
    by_role: dict[str, dict[str, None]] = {}
    for name in questionnaire.instrument.scales:
        for role, about in questionnaire.presentations(name):
            for ids in questionnaire.facet_questions(name, role, about).values():
                by_role.setdefault(role, {}).update(dict.fromkeys(ids))
    return {role: list(ids) for role, ids in by_role.items()}


def _rows(
    long: pd.DataFrame, role: str, earlier: str, later: str, questions: list[str]
) -> Iterator[StabilityRow]:
    first, second = (_answers(long, role, wave, questions) for wave in (earlier, later))
    both = first.index.intersection(second.index)
    before, after = (part.loc[both].to_numpy(dtype=float) for part in (first, second))
    found = [_retold(x, y) for x, y in zip(before.T, after.T, strict=True)]
    r = np.array([each for each, _ in found])
    for position, (question, (each, n)) in enumerate(zip(questions, found, strict=True)):
        others = np.delete(r, position)
        median = _median(others, FEWEST_QUESTIONS - 1)
        low, high = fisher_interval(each, n, NORMAL_9995)
        verdict = _verdict(each, high, median)
        yield StabilityRow(role, earlier, later, question, n, each, low, high, median, verdict)
    median = _median(r, FEWEST_QUESTIONS)
    most = max((n for _, n in found), default=0)
    verdict, nothing = _verdict_of_all(median), math.nan
    yield StabilityRow(role, earlier, later, "", most, median, nothing, nothing, nothing, verdict)


def _answers(long: pd.DataFrame, role: str, wave: str, questions: list[str]) -> pd.DataFrame:
    """Give the answers of those who can be followed: a person code, and one response a wave."""
    chosen = long[(long["role"] == role) & (long["wave"] == wave) & (long["person"] != "")]
    return chosen[~chosen.duplicated(KEYS, keep=False)].set_index(KEYS)[questions]


def _retold(x: np.ndarray, y: np.ndarray) -> tuple[float, int]:
    used = ~(np.isnan(x) | np.isnan(y))
    r, n = correlation(x[used], y[used])
    return (r if n >= FEWEST_PERSONS else math.nan), n


def _median(r: np.ndarray, fewest: int) -> float:
    known = r[~np.isnan(r)]
    return float(np.median(known)) if len(known) >= fewest else math.nan


def _verdict(r: float, ci_high: float, median: float) -> str:
    if math.isnan(r):
        return "none"
    if ci_high < 0:
        return "stop"
    return "apart" if ci_high < median / 2 else "ok"


def _verdict_of_all(median: float) -> str:
    if math.isnan(median):
        return "none"
    if median >= COPY:
        return "copied"
    return "untied" if median < NO_TIE else "ok"


def _copied(row: pd.Series, file: str) -> Problem:
    return Problem(
        file,
        f"the answers of {row['role']} in wave {row['later']} are those of wave {row['earlier']}: "
        f"the same people gave the same answers (median correlation {row['r']:.3f}, up to "
        f"{row['n']} persons)",
        "other answers in another wave",
        "see whether one export was given to both waves",
        check="between waves",
    )


def _turned(row: pd.Series, file: str) -> Problem:
    found = (
        f"answers of {row['role']} run the other way in wave {row['later']} than in wave "
        f"{row['earlier']}: those of the same people correlate {row['r']:.2f} "
        f"[{row['ci_low']:.2f}, {row['ci_high']:.2f}] (n = {row['n']})"
    )
    return Problem(
        file,
        found,
        "a correlation above zero between two waves",
        "see in which of both waves the codes of this question run the other way (an option list "
        "turned round in the survey, recoded values in the export) or stand in another column; "
        "mend that and run again",
        item=row["question"],
        check="between waves",
    )
