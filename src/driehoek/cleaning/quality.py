"""How a questionnaire was filled in: completion, speed, equal answers in a row, checks."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from driehoek.cleaning.wave import WaveTables
from driehoek.instrument.questions import Questionnaire
from driehoek.responses import CHECK_PREFIX
from driehoek.study_file import Quality

NOT_SHOWN = ("not_shown", "planned", "unknown")
FLAG_TYPES = {"response": "str", "flag": "str", "value": "float64", "threshold": "float64"}
FLAG_COLUMNS = tuple(FLAG_TYPES)


def measure(tables: WaveTables, questionnaire: Questionnaire) -> pd.DataFrame:
    """Measure how each response was filled in.

    Returns
    -------
    pandas.DataFrame
        The same rows: ``response``; ``completion``, the share (0 to 1) of the scale items shown
        that got an answer, "don't know" counting as one (NaN where none was shown);
        ``seconds_per_item``, the duration over the items answered (NaN where unknown);
        ``longstring``, the most equal answers in a row; ``n_failed``, attention checks failed.
    """
    responses = tables.responses
    table = pd.DataFrame({"response": responses["response"]})
    n_shown, n_given, longest = (np.zeros(len(responses)) for _ in range(3))
    for role in questionnaire.instrument.roles:
        rows = (responses["role"] == role).to_numpy(bool)
        items = list(_items(questionnaire, role))
        if not items or not rows.any():
            continue
        kinds, answers = tables.missing.loc[rows, items], responses.loc[rows, items]
        n_shown[rows] = len(items) - _count(kinds, NOT_SHOWN)
        n_given[rows] = answers.notna().sum(axis=1) + _count(kinds, ("dont_know",))
        sets = [_response_set(questionnaire, qid) for qid in items]
        longest[rows] = longstring(answers.to_numpy(float), sets)
    seconds = tables.paradata["duration_seconds"].to_numpy(float)
    table["completion"] = _ratio(n_given, n_shown)
    table["seconds_per_item"] = _ratio(seconds, n_given)
    table["longstring"] = longest
    checks = [name for name in tables.paradata.columns if name.startswith(CHECK_PREFIX)]
    table["n_failed"] = (tables.paradata[checks] == "fail").sum(axis=1).to_numpy(float)
    return table


def longstring(answers: np.ndarray, sets: list[str]) -> np.ndarray:
    """Give the most equal answers in a row, in order of presentation.

    A row of equal answers ends at another answer and at an item with other response options;
    items without an answer are passed over. Answers count as given, before reverse-keying.

    Parameters
    ----------
    answers : numpy.ndarray, shape (n, k)
        Items in order of presentation; NaN where missing.
    sets : list of str, length k
        Name of each item's response options.

    Returns
    -------
    numpy.ndarray, shape (n,)
        0 where nothing was answered.

    References
    ----------
    Johnson (2005), doi:10.1016/j.jrp.2004.09.009; Meade and Craig (2012),
    doi:10.1037/a0028085.
    """
    n = len(answers)
    last, run, longest = np.full(n, np.nan), np.zeros(n), np.zeros(n)
    last_set = np.full(n, -1)
    codes = {name: i for i, name in enumerate(dict.fromkeys(sets))}
    for column, name in zip(answers.T, sets, strict=True):
        given = ~np.isnan(column)
        same = given & (column == last) & (last_set == codes[name])
        run = np.where(same, run + 1, np.where(given, 1, run))
        last = np.where(given, column, last)
        last_set = np.where(given, codes[name], last_set)
        longest = np.maximum(longest, run)
    return longest


def verdicts(measures: pd.DataFrame, rules: Quality) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield each rule of a study: its name, its action, and the responses it catches.

    Yields
    ------
    tuple
        Name of the rule (a flag, or a reason to exclude), ``flag`` or ``exclude``, and a table
        with `FLAG_COLUMNS`. A failed attention check is flagged, never a reason to exclude.
    """
    limits = (
        ("below_completion", "completion", rules.completion.at_least, rules.completion.action),
        ("too_fast", "seconds_per_item", rules.speed.seconds_per_item, rules.speed.action),
        ("longstring", "longstring", rules.longstring.at_least, rules.longstring.action),
        ("failed_check", "n_failed", 1, "flag"),
    )
    for flag, measure_name, threshold, action in limits:
        value = measures[measure_name]
        is_low = flag in {"below_completion", "too_fast"}
        caught = value < threshold if is_low else value >= threshold
        table = pd.DataFrame(
            {
                "response": measures["response"][caught],
                "flag": pd.Series(flag, index=measures.index[caught], dtype="str"),
                "value": value[caught].astype(float),
                "threshold": float(threshold),
            }
        )
        yield flag, action, table


def _items(questionnaire: Questionnaire, role: str) -> Iterator[str]:
    for qid, question in questionnaire.questions.items():
        if question.item is not None and question.roles == (role,):
            yield qid


def _response_set(questionnaire: Questionnaire, qid: str) -> str:
    return questionnaire.instrument.items[questionnaire.questions[qid].item or ""].response


def _count(kinds: pd.DataFrame, wanted: tuple[str, ...]) -> np.ndarray:
    n = np.zeros(len(kinds))
    for name in kinds.columns:
        n += kinds[name].isin(wanted).to_numpy(bool)
    return n


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    return np.where(denominator > 0, numerator / np.where(denominator > 0, denominator, 1), np.nan)
