"""What factor models of a study's scales share: answers, estimator, rows and words."""

from collections.abc import Sequence

import pandas as pd

from driehoek.analysis.score_names import Facets
from driehoek.instrument.questions import Questionnaire
from driehoek.plan.measurement import FactorEstimator, FactorMissing
from driehoek.psychometrics.cfa.fit import Estimator
from driehoek.scoring.published import keyed_items, keys_of
from driehoek.study import Study

# ASSUME: below 100 persons factor models often find no or an improper solution (Boomsma 1985,
# doi:10.1007/BF02294248).
FEWEST_PERSONS = 100
# ASSUME: groups as Chen (2007, doi:10.1080/10705510701301834) simulated them at the smallest.
FEWEST_IN_GROUP = 75
MOST_ORDERED_OPTIONS = 5


def answers_to(persons: pd.DataFrame, questions: Sequence[str], study: Study) -> pd.DataFrame:
    """Give the answers to questions as their scale scores them, one row a person."""
    asked = [study.questionnaire.questions[question] for question in questions]
    return keyed_items(persons, asked, study.questionnaire, keys_of(study))


def estimator_for(
    wanted: FactorEstimator,
    missing: FactorMissing,
    questions: Sequence[str],
    questionnaire: Questionnaire,
    *,
    is_within: bool = False,
) -> Estimator:
    """Choose the estimator.

    Parameters
    ----------
    wanted, missing : str
        As the plan says.
    questions : sequence of str
    questionnaire : Questionnaire
    is_within : bool
        Whether waves or roles stand side by side in one row. WLSMV would then lose every row with
        a missing wave, so that five options suffice for MLR.

    References
    ----------
    Rhemtulla, Brosseau-Liard & Savalei (2012), doi:10.1037/a0029315: robust maximum likelihood is
    acceptable from five categories on.
    """
    most = max(len(questionnaire.questions[question].values) for question in questions)
    limit = MOST_ORDERED_OPTIONS - 1 if is_within else MOST_ORDERED_OPTIONS
    is_ordered = wanted == "WLSMV" or (wanted == "auto" and most <= limit)
    if is_ordered:
        return "WLSMV"
    return "FIML+MLR" if missing == "all" else "MLR"


def usable_rows(items: pd.DataFrame, *, uses_all: bool) -> int:
    """Count the rows that a model can use."""
    return len(items.dropna(how="all" if uses_all else "any"))


def too_few(n: int, where: str = "") -> str:
    """Say that a sample is too small; empty if it is not."""
    if n >= FEWEST_PERSONS:
        return ""
    return f"{n} usable rows{where}: a factor model is fitted from {FEWEST_PERSONS} on"


def notes_about(persons: pd.DataFrame) -> list[str]:
    """Say where the rows of a role are not independent although each triad has one."""
    if not persons.duplicated(["wave", "person"]).any():
        return []
    return [
        "Some persons stand in several triads and count in each as another person; standard errors "
        "and tests take their rows as independent."
    ]


def rows_in_words(estimator: Estimator, *, uses_all: bool) -> str:
    """Name the estimator and the rows it uses, for the method of a statistic."""
    if estimator == "FIML+MLR":
        return "MLR, full information"
    return f"{estimator}, {'pairwise' if uses_all else 'complete rows'}"


def number_of_factors(named: Facets) -> str:
    """Say how many factors a model has."""
    return "one factor" if len(named) == 1 else f"{len(named)} correlated factors"
