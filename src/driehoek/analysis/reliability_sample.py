"""The keyed items of one scale or facet as one role answered them, and how to treat them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.instrument.columns import score_column
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.job import generator
from driehoek.plan.measurement import ReliabilityPlan
from driehoek.psychometrics.moments import Use
from driehoek.scoring.published import keyed_items, keys_of
from driehoek.study import Study


@dataclass(frozen=True, slots=True)
class ReliabilitySample:
    """Answers to the items of one scale or facet.

    Attributes
    ----------
    items : pandas.DataFrame, shape (responses, items)
    facets : dict of str to list of str
        The facets of a whole scale that has several; else empty.
    score : pandas.Series
        The score of each row, as the scale is scored.
    facet_scores : pandas.DataFrame, shape (responses, facets)
        The facet scores whose mean or sum is the score; without columns where the score is of
        the items.
    triads : pandas.Series or None
        The triad of each row; None where no triad has two rows.
    is_repeated : bool
        Whether some person stands in several rows.
    is_planned : bool
        Whether some items were left out by design: then rows without them count too.
    plan : ReliabilityPlan
    confidence : float
    seed : int
    name : tuple of str
        Where the sample stands in the study: every random number follows from it.
    """

    items: pd.DataFrame
    facets: Mapping[str, list[str]]
    score: pd.Series
    facet_scores: pd.DataFrame
    triads: pd.Series | None
    is_repeated: bool
    is_planned: bool
    plan: ReliabilityPlan
    confidence: float
    seed: int
    name: tuple[str, ...]

    @property
    def n_usable(self) -> int:
        """Rows that could count."""
        return len(self.items.dropna(how="all" if self.is_planned else "any"))

    @property
    def use(self) -> Use:
        """Rows that covariances rest on."""
        return "pairwise" if self.is_planned else "complete"

    @property
    def unit(self) -> str:
        """What the bootstrap draws again, in words."""
        return "persons" if self.triads is None else "triads"

    def rng(self, *step: str) -> np.random.Generator:
        """Give the random numbers of one step."""
        return generator(self.seed, "reliability", *self.name, *step)


def reliability_sample(
    persons: pd.DataFrame,
    facets: Mapping[str, list[str]],
    scores: tuple[str, Mapping[str, str]],
    study: Study,
    name: tuple[str, ...],
) -> ReliabilitySample:
    """Take the items of a scale or facet from the linked data.

    Parameters
    ----------
    persons : pandas.DataFrame
        Rows of one role.
    facets : mapping of str to list of str
        Question ids; one entry for a facet, or a scale without facets.
    scores : tuple of str and mapping
        Column of the score, and those of the facets it is made of.
    study : Study
    name : tuple of str
    """
    form = study.questionnaire
    questions = [form.questions[each] for ids in facets.values() for each in ids]
    column, parts = scores
    return ReliabilitySample(
        items=keyed_items(persons, questions, form, keys_of(study)),
        facets=facets if len(facets) > 1 else {},
        score=persons[column] if column in persons else pd.Series(np.nan, index=persons.index),
        facet_scores=persons[[each for each in parts.values() if each in persons]],
        triads=persons["triad"] if persons["triad"].duplicated().any() else None,
        is_repeated=bool(persons["person"].duplicated().any()),
        is_planned=_has_planned_gaps(questions, form),
        plan=study.settings.plan.reliability,
        confidence=study.settings.plan.confidence,
        seed=study.settings.seed,
        name=name,
    )


def scored_columns(
    form: Questionnaire, scale: str, facet: str, about: str | None, facets: Mapping[str, list[str]]
) -> tuple[str, dict[str, str]]:
    """Name the column of a score, and those of the facet scores that it is made of."""
    rule = form.instrument.scales[scale].score
    is_of_facets = not facet and len(facets) > 1 and rule is not None and rule.of == "facets"
    parts = {name: score_column(scale, name, about) for name in facets} if is_of_facets else {}
    return score_column(scale, facet, about), parts


def _has_planned_gaps(questions: list[Question], form: Questionnaire) -> bool:
    rules = (rule for question in questions for rule in form.conditions.get(question.id, []))
    return any(is_planned for _, is_planned in rules)
