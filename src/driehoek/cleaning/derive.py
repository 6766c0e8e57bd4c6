"""Derived background variables: bands, recodings, comparisons, sums, means and differences."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from driehoek.cleaning.ledger import LEDGER_COLUMNS
from driehoek.instrument.questions import Questionnaire
from driehoek.plan.derived import Derived


def derive(
    responses: pd.DataFrame, rules: Mapping[str, Derived], questionnaire: Questionnaire
) -> pd.DataFrame:
    """Append each derived variable.

    Numbers hold their value, choices the place of their level, from 0. A band holds its lower limit
    and not its upper one; the last band holds both. NaN where an answer is missing, outside every
    band, or an option that the recoding does not name.
    """
    columns = {name: derived_values(responses, rule, questionnaire) for name, rule in rules.items()}
    return pd.concat([responses, pd.DataFrame(columns, index=responses.index)], axis=1)


def derived_values(
    responses: pd.DataFrame, rule: Derived, questionnaire: Questionnaire
) -> np.ndarray:
    """Give one derived variable, shape (responses,)."""
    answers = responses[rule.sources].to_numpy(float)
    first = answers[:, 0]
    if rule.bands is not None:
        return in_bands(first, rule.bands)
    if rule.recode is not None:
        return _recoded(first, rule.recode, questionnaire.questions[rule.sources[0]].values)
    if rule.at_least is not None:
        return np.where(np.isnan(first), np.nan, first >= rule.at_least)
    if rule.below is not None:
        return np.where(np.isnan(first), np.nan, first < rule.below)
    if rule.difference is not None:
        return np.asarray(first - answers[:, 1])
    return np.asarray(answers.mean(axis=1) if rule.mean is not None else answers.sum(axis=1))


def in_bands(values: np.ndarray, limits: list[float]) -> np.ndarray:
    """Give the number of the band of each value; NaN outside every band."""
    band = np.searchsorted(limits, values, side="right") - 1.0
    band = np.where(values == limits[-1], len(limits) - 2, band)
    return np.where((values >= limits[0]) & (values <= limits[-1]), band, np.nan)


def _recoded(
    values: np.ndarray, groups: Mapping[str, list[str]], by_code: Mapping[str, float]
) -> np.ndarray:
    found = np.full(len(values), np.nan)
    for place, codes in enumerate(groups.values()):
        found[np.isin(values, [by_code[code] for code in codes])] = place
    return found


def derivation_entries(
    responses: pd.DataFrame, rules: Mapping[str, Derived], wave: str
) -> pd.DataFrame:
    """Give a ledger entry for each derived variable, with the number of responses that have it."""
    rows = [
        {
            **dict.fromkeys(LEDGER_COLUMNS, ""),
            "wave": wave,
            "raw_row": pd.NA,
            "fate": "corrected",
            "reason": "derivation",
            "question": name,
            "detail": f"{_words(rule)}; {int(responses[name].notna().sum())} of "
            f"{int(responses[rule.sources].notna().all(axis=1).sum())} answers have a value",
        }
        for name, rule in rules.items()
    ]
    return pd.DataFrame(rows, columns=list(LEDGER_COLUMNS))


def _words(rule: Derived) -> str:
    if rule.bands is not None:
        return f"from {rule.source}, bands at {', '.join(f'{limit:g}' for limit in rule.bands)}"
    if rule.recode is not None:
        groups = (f"{name} = {', '.join(codes)}" for name, codes in rule.recode.items())
        return f"from {rule.source}, {'; '.join(groups)}"
    if rule.source is not None:
        limit = rule.at_least if rule.at_least is not None else rule.below
        return f"from {rule.source}, {rule.rule.replace('_', ' ')} {limit:g}"
    return f"{rule.rule} of {', '.join(rule.sources)}"
