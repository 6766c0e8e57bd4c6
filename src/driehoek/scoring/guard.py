"""The keying guard: items that run against their own scale in the answers of a wave."""

import logging
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from driehoek.instrument.keys import ScaleKey
from driehoek.instrument.questions import Question, Questionnaire, items_of
from driehoek.problems import AnswersError, Problem
from driehoek.scoring.keying import keyed
from driehoek.scoring.published import PublishedKeys, keyed_codes

NORMAL_975 = 1.959963984540054
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GuardRow:
    """One item against the rest of the items it is scored with.

    Attributes
    ----------
    wave, role, about, scale, facet, item, question : str
        ``facet`` is "" where the scale has none.
    n : int
        Responses with the item and at least one other item answered.
    item_rest : float
        Correlation of the keyed item with the mean of the other items answered; NaN where
        n < 4 or either does not vary.
    ci_low, ci_high : float
        95 % interval by Fisher's z.
    verdict : str
        ok, warn (below zero), stop (the whole interval below zero) or none (no estimate).
    """

    wave: str
    role: str
    about: str
    scale: str
    facet: str
    item: str
    question: str
    n: int
    item_rest: float
    ci_low: float
    ci_high: float
    verdict: str


def keying_table(
    responses: pd.DataFrame,
    questionnaire: Questionnaire,
    wave: str,
    keys: PublishedKeys | None = None,
) -> pd.DataFrame:
    """Correlate every keyed item with the others of its facet, for each role and target.

    Items are compared within the facet they are averaged in; facets of one scale may rightly
    run against each other. A facet of one item has no rest and is left out.

    Returns
    -------
    pandas.DataFrame
        Columns as the attributes of `GuardRow`.

    References
    ----------
    Fisher (1921), Metron 1, 3-32, for the interval.
    """
    answers = {
        role: responses[responses["role"] == role] for role in questionnaire.instrument.roles
    }
    rows = [
        row
        for name in questionnaire.instrument.scales
        for row in _scale_rows(answers, questionnaire, wave, name, keys or {})
    ]
    columns = list(GuardRow.__dataclass_fields__)
    return pd.DataFrame([asdict(row) for row in rows], columns=columns)


def heed_guard(table: pd.DataFrame, file: str, *, is_synthetic: bool = False) -> None:
    """Log the items that warn, and stop at those that certainly run against their scale.

    Nobody keyed the answers of a synthetic twin: there an item that runs against its scale is no
    fault of the instrument, and is logged only.

    Raises
    ------
    AnswersError
        With every item whose interval lies below zero.
    """
    told = table["verdict"].isin(["warn", "stop"] if is_synthetic else ["warn"])
    for row in table[told].itertuples():
        LOG.warning(
            "wave %s, %s about %s, scale %s: question %s correlates %.2f with its rest (n = %d)",
            *(row.wave, row.role, row.about or "no one", row.scale, row.question),
            *(row.item_rest, row.n),
        )
    stopped = table[(table["verdict"] == "stop") & ~told]
    if len(stopped):
        raise AnswersError([_problem(row, file) for _, row in stopped.iterrows()])


def item_rest(values: np.ndarray) -> list[tuple[float, int]]:
    """Correlate each item with the mean of the others answered; NaN where it cannot be had.

    Parameters
    ----------
    values : numpy.ndarray, shape (n, k)
        Keyed answers; NaN where missing.

    Returns
    -------
    list of tuple, length k
        The correlation, and the number of responses it rests on.
    """
    is_answered = ~np.isnan(values)
    known = np.where(is_answered, values, 0.0)
    count, total = is_answered.sum(axis=1), known.sum(axis=1)
    found = []
    for position in range(values.shape[1]):
        used = is_answered[:, position] & (count > 1)
        item = known[used, position]
        found.append(correlation(item, (total[used] - item) / (count[used] - 1)))
    return found


def correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, int]:
    """Correlate two columns without gaps; NaN for fewer than 4 rows or no variation. Give n too."""
    n = len(x)
    if n < 4 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return math.nan, n
    x, y = x - x.mean(), y - y.mean()
    r = float(x @ y / math.sqrt((x @ x) * (y @ y)))
    return max(-1.0, min(1.0, r)), n


def _scale_rows(
    answers: dict[str, pd.DataFrame],
    questionnaire: Questionnaire,
    wave: str,
    name: str,
    keys: PublishedKeys,
) -> Iterator[GuardRow]:
    for role, about in questionnaire.presentations(name):
        place = (wave, role, about or "", name)
        for facet, questions, values in _units(
            answers[role], questionnaire, name, role, about, keys
        ):
            for question, (r, n) in zip(questions, item_rest(values), strict=True):
                low, high = fisher_interval(r, n)
                items = (facet, question.item or "", question.id)
                yield GuardRow(*place, *items, n, r, low, high, _verdict(r, high))


_Unit = tuple[str, list[Question], np.ndarray]


def _units(
    answers: pd.DataFrame,
    questionnaire: Questionnaire,
    name: str,
    role: str,
    about: str | None,
    keys: PublishedKeys,
) -> Iterator[_Unit]:
    """Yield the sets of items averaged together, two or more, with their keyed answers."""
    scale = questionnaire.instrument.scales[name]
    if scale.key is not None:
        asked = questionnaire.asked(role, about)
        questions = {
            number: questionnaire.questions[asked[item]]
            for number, item in enumerate(items_of(scale), 1)
            if item in asked
        }
        yield from _published_units(answers, questions, keys[scale.key])
        return
    for facet, ids in questionnaire.facet_questions(name, role, about).items():
        members = [questionnaire.questions[qid] for qid in ids]
        if len(members) > 1:
            yield ("" if scale.facets is None else facet), members, keyed(answers, members)


def _published_units(
    answers: pd.DataFrame, questions: dict[int, Question], key: ScaleKey
) -> Iterator[_Unit]:
    for part, scale in key.scales.items():
        numbers = [number for number in scale.items if number in questions]
        if len(numbers) > 1:
            columns = [keyed_codes(answers[questions[i].id], key, i) for i in numbers]
            facet = "" if len(key.scales) == 1 else part
            yield facet, [questions[i] for i in numbers], np.column_stack(columns)


def fisher_interval(r: float, n: int, quantile: float = NORMAL_975) -> tuple[float, float]:
    """Give the interval of a correlation by Fisher's z; NaN stays NaN, and +-1 itself."""
    if math.isnan(r) or abs(r) == 1:
        return r, r
    half = quantile / math.sqrt(n - 3)
    return math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)


def _verdict(r: float, ci_high: float) -> str:
    if math.isnan(r):
        return "none"
    if ci_high < 0:
        return "stop"
    return "warn" if r < 0 else "ok"


def _problem(row: pd.Series, file: str) -> Problem:
    about = f" about {row['about']}" if row["about"] else ""
    facet = f", facet {row['facet']}" if row["facet"] else ""
    found = (
        f"in wave {row['wave']}, item {row['item']} runs against its own scale "
        f"({row['scale']}{facet}; {row['role']}{about}): it correlates {row['item_rest']:.2f} "
        f"[{row['ci_low']:.2f}, {row['ci_high']:.2f}] with the other items (n = {row['n']})"
    )
    return Problem(
        file,
        found,
        "a correlation above zero once reversed items are turned",
        "look for a mis-keyed item in the instrument (keyed), codes that run the other way in "
        "this export, or a shifted column; mend that and run again",
        item=row["question"],
        check="keying guard",
    )
