"""What factor models of a study's scales share: their factors, persons, rows and words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from driehoek.analysis.names import Variable
from driehoek.instrument.questions import Questionnaire
from driehoek.psychometrics.cfa.fit import Estimator
from driehoek.scoring.keying import keyed
from driehoek.study_file import FactorEstimator, FactorMissing

# ASSUME: below 100 persons factor models often find no or an improper solution (Boomsma 1985,
# doi:10.1007/BF02294248).
FEWEST_PERSONS = 100
# ASSUME: groups as Chen (2007, doi:10.1080/10705510701301834) simulated them at the smallest.
FEWEST_IN_GROUP = 75
MOST_ORDERED_OPTIONS = 5
FEWEST_ITEMS = 3

Facets = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ScoreName:
    """What a score of a plan is made of.

    Attributes
    ----------
    role : str
    about : str or None
    scale : str
    facet : str
        Empty for the whole scale.
    """

    role: str
    about: str | None
    scale: str
    facet: str

    @property
    def label(self) -> str:
        """Name whose answers it holds: ``carer`` or ``carer about seeker``."""
        return f"{self.role} about {self.about}" if self.about else self.role


def score_name(variable: Variable, questionnaire: Questionnaire) -> ScoreName | None:
    """Take the name of a score apart; None for a variable that is no score."""
    scale, *rest = variable.column.split(".")
    if scale not in questionnaire.instrument.scales:
        return None
    abouts = [part.removeprefix("about_") for part in rest if part.startswith("about_")]
    facets = [part for part in rest if not part.startswith("about_")]
    about = abouts[0] if abouts else None
    return ScoreName(variable.role, about, scale, facets[0] if facets else "")


def facets_of_score(questionnaire: Questionnaire, score: ScoreName) -> dict[str, list[str]]:
    """Give question ids by facet; a facet's own score has that facet alone."""
    found = questionnaire.facet_questions(score.scale, score.role, score.about)
    return {facet: ids for facet, ids in found.items() if score.facet in {"", facet}}


def shared_items(questionnaire: Questionnaire, scores: Sequence[ScoreName]) -> dict[str, list[str]]:
    """Give, by facet, the parallel items that every score has.

    Items of another type mean something else to another role and are left out.
    """
    instrument = questionnaire.instrument
    asked = [
        {questionnaire.questions[qid].item for ids in facets.values() for qid in ids}
        for facets in (facets_of_score(questionnaire, score) for score in scores)
    ]
    first = facets_of_score(questionnaire, scores[0])
    found = {
        facet: [
            item
            for item in (questionnaire.questions[qid].item for qid in ids)
            if item
            and instrument.items[item].type == "parallel"
            and all(item in each for each in asked)
        ]
        for facet, ids in first.items()
    }
    return {facet: items for facet, items in found.items() if items}


def factors_of(facets: Facets, scale: str) -> dict[str, list[str]]:
    """Choose the factors: correlated facets where each has two items or more, else one factor.

    A facet of a single item cannot be told from its error, so that such a scale is tested as one
    factor.
    """
    if len(facets) > 1 and all(len(ids) > 1 for ids in facets.values()):
        return {facet: list(ids) for facet, ids in facets.items()}
    name = next(iter(facets)) if len(facets) == 1 else scale
    return {name: [qid for ids in facets.values() for qid in ids]}


def keyed_items(
    persons: pd.DataFrame, questions: Sequence[str], questionnaire: Questionnaire
) -> pd.DataFrame:
    """Give the answers to questions, reversed ones turned round, one row a person."""
    asked = [questionnaire.questions[question] for question in questions]
    return pd.DataFrame(keyed(persons, asked), columns=list(questions), index=persons.index)


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
