"""How a questionnaire was filled in: completion, speed, and indices of careless answering."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from driehoek.cleaning import careless
from driehoek.cleaning.person_fit import guttman_errors
from driehoek.cleaning.role_answers import RoleAnswers
from driehoek.cleaning.wave import WaveTables
from driehoek.instrument.questions import Questionnaire
from driehoek.plan.quality import Quality
from driehoek.responses import CHECK_PREFIX
from driehoek.scoring.published import PublishedKeys

NOT_SHOWN = ("not_shown", "planned", "unknown")
ALWAYS = ("completion", "seconds_per_item", "longstring", "average_longstring", "n_failed")
WITH_KEYS = ("even_odd", "person_fit")


def measure(
    tables: WaveTables, questionnaire: Questionnaire, rules: Quality, keys: PublishedKeys
) -> pd.DataFrame:
    """Measure how each response was filled in.

    Parameters
    ----------
    tables : WaveTables
        The responses of a wave; indices that compare people do so within a role.
    questionnaire : Questionnaire
    rules : Quality
        Indices beyond the first five are measured where there is a rule for them.
    keys : mapping
        Published keys of the scales, by id; only the indices `WITH_KEYS` need them.

    Returns
    -------
    pandas.DataFrame
        The same rows: ``response``; ``completion``, the share (0 to 1) of the scale items shown
        that got an answer, "don't know" counting as one (NaN where none was shown);
        ``seconds_per_item``, the time on pages with scale items, else the duration, over the
        items answered (NaN where unknown);
        ``longstring`` and ``average_longstring``, the most and the mean number of equal answers
        in a row; ``n_failed``, attention checks failed; then ``variability`` (a share of the
        range), ``mahalanobis`` (chi-squared tail), ``even_odd``, ``synonyms``, ``antonyms``
        (-1 to 1) and ``person_fit`` (0 to 1), NaN where they cannot be had.
    """
    wanted = [name for name in INDICES if getattr(rules, name) is not None]
    table = pd.DataFrame({"response": tables.responses["response"]})
    table[[*ALWAYS, *wanted]] = np.nan
    table["longstring"] = 0.0
    for role in questionnaire.instrument.roles:
        rows = (tables.responses["role"] == role).to_numpy(bool)
        own = RoleAnswers(tables.rows(pd.Series(rows)), role, questionnaire, keys)
        if not own.items or not rows.any():
            continue
        table.loc[rows, ["completion", "seconds_per_item"]] = np.column_stack(_pace(own))
        runs = careless.run_lengths(own.answers.to_numpy(float), own.sets)
        table.loc[rows, ["longstring", "average_longstring"]] = np.column_stack(runs)
        for name in wanted:
            table.loc[rows, name] = INDICES[name](own, rules)
    checks = [name for name in tables.paradata.columns if name.startswith(CHECK_PREFIX)]
    table["n_failed"] = (tables.paradata[checks] == "fail").sum(axis=1).to_numpy(float)
    return table


def _pace(own: RoleAnswers) -> tuple[np.ndarray, np.ndarray]:
    kinds = own.tables.missing[own.ids]
    n_shown = len(own.ids) - _count(kinds, NOT_SHOWN)
    n_given = own.answers.notna().sum(axis=1).to_numpy() + _count(kinds, ("dont_know",))
    paradata = own.tables.paradata
    seconds = paradata["item_seconds"].fillna(paradata["duration_seconds"]).to_numpy(float)
    return _ratio(n_given, n_shown), _ratio(seconds, n_given)


def _variability(own: RoleAnswers, _: Quality) -> np.ndarray:
    return careless.variability(own.shares)


def _mahalanobis(own: RoleAnswers, _: Quality) -> np.ndarray:
    return careless.mahalanobis(own.shares)[1]


def _even_odd(own: RoleAnswers, _: Quality) -> np.ndarray:
    return careless.even_odd(own.keyed_shares, own.factors)


def _synonyms(own: RoleAnswers, rules: Quality) -> np.ndarray:
    critical = rules.synonyms.correlation if rules.synonyms else np.nan
    return careless.synonyms(own.shares, careless.synonym_pairs(own.shares, critical))


def _antonyms(own: RoleAnswers, rules: Quality) -> np.ndarray:
    critical = rules.antonyms.correlation if rules.antonyms else np.nan
    return careless.synonyms(own.shares, careless.synonym_pairs(own.shares, critical))


def _person_fit(own: RoleAnswers, _: Quality) -> np.ndarray:
    """Give the Guttman errors over the facets that were answered whole, as a share of the most."""
    if not own.factors:
        return np.full(len(own.levels), np.nan)
    found = [
        guttman_errors(own.levels[:, columns], own.n_levels[columns]) for columns in own.factors
    ]
    errors, most = (np.nansum(each, axis=0) for each in zip(*found, strict=True))
    return _ratio(errors, most)


INDICES: dict[str, Callable[[RoleAnswers, Quality], np.ndarray]] = {
    "variability": _variability,
    "mahalanobis": _mahalanobis,
    "even_odd": _even_odd,
    "synonyms": _synonyms,
    "antonyms": _antonyms,
    "person_fit": _person_fit,
}


def _count(kinds: pd.DataFrame, wanted: tuple[str, ...]) -> np.ndarray:
    n = np.zeros(len(kinds))
    for name in kinds.columns:
        n += kinds[name].isin(wanted).to_numpy(bool)
    return n


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    return np.where(denominator > 0, numerator / np.where(denominator > 0, denominator, 1), np.nan)
