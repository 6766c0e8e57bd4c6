"""Scores of every scale and facet, for every role and every person asked about."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.instrument.model import Scale
from driehoek.instrument.questions import Question, Questionnaire, items_of
from driehoek.scoring.keying import declared_range, keyed
from driehoek.scoring.published import PublishedKeys, score_published
from driehoek.scoring.rules import Scored, combine_facets, score_items

NOT_PRESENTED = ("not_shown", "planned")
IDENTITY = ("response", "person", "triad", "wave", "role")
SCORE_COLUMNS = (
    *IDENTITY,
    "about",
    "scale",
    "facet",
    "score",
    "score_100",
    "n_answered",
    "n_items",
    "rule",
)


@dataclass(frozen=True, slots=True)
class _Block:
    """Scores of one scale or facet, and whose they are."""

    people: pd.DataFrame
    about: str
    scale: str
    facet: str
    scored: Scored


def score_responses(
    responses: pd.DataFrame,
    missing: pd.DataFrame,
    questionnaire: Questionnaire,
    keys: PublishedKeys | None = None,
) -> pd.DataFrame:
    """Score every scale of a questionnaire.

    Parameters
    ----------
    responses : pandas.DataFrame
        One row a response: ``response, person, triad, wave, role`` and the analysis value of
        each stored question, NaN where missing.
    missing : pandas.DataFrame
        The same rows: kind of missing answer by question id, "" where answered.
    questionnaire : Questionnaire
    keys : mapping, optional
        Keys of published scales by id, for the scales that name one.

    Returns
    -------
    pandas.DataFrame
        Columns `SCORE_COLUMNS`, from ``about`` to ``facet`` and ``rule`` as categories; one row
        for each response, scale, person asked about and facet (``facet`` is "" for the scale
        itself). ``score`` is in the metric of the rule and NaN where too little was answered;
        ``score_100`` runs from 0 to 100 over the possible range; ``n_items`` counts the items
        presented to that person.
    """
    blocks: list[_Block] = []
    pairs = [
        (name, pair)
        for name in questionnaire.instrument.scales
        for pair in questionnaire.presentations(name)
    ]
    of_role = {role: np.flatnonzero(responses["role"] == role) for _, (role, _) in pairs}
    answers = {role: responses.take(rows) for role, rows in of_role.items()}
    kinds = {role: missing.take(rows) for role, rows in of_role.items()}
    people = {role: rows[list(IDENTITY)] for role, rows in answers.items()}
    for name, (role, about) in pairs:
        scores = score_presentation(
            answers[role], kinds[role], questionnaire, name, (role, about), keys
        )
        blocks += [
            _Block(people[role], about or "", name, facet, each) for facet, each in scores.items()
        ]
    return _assemble(blocks)


def score_presentation(
    answers: pd.DataFrame,
    missing: pd.DataFrame,
    questionnaire: Questionnaire,
    name: str,
    presentation: tuple[str, str | None],
    keys: PublishedKeys | None = None,
) -> dict[str, Scored]:
    """Score one scale as one role answers it about one person.

    Parameters
    ----------
    answers, missing : pandas.DataFrame
        Rows of that role: analysis values, and kinds of missing answers, by question id.
    name : str
        The scale.
    presentation : tuple
        The role, and the role of the person asked about.

    Returns
    -------
    dict
        Scores by facet; those of the scale itself stand under "".
    """
    scale = questionnaire.instrument.scales[name]
    ids = questionnaire.facet_questions(name, *presentation)
    facets = {facet: [questionnaire.questions[qid] for qid in ids[facet]] for facet in ids}
    if scale.key is None:
        return _score_facets(answers, missing, scale, facets)
    return score_published(answers, _in_order(scale, facets), (keys or {})[scale.key])


def presented(missing: pd.DataFrame, questions: Sequence[Question]) -> np.ndarray:
    """Tell which questions each person met, shape (responses, questions).

    A question behind an unanswered gate (kind ``unknown``) counts as presented: the stricter
    reading.
    """
    columns = [missing[question.id].isin(NOT_PRESENTED).to_numpy(bool) for question in questions]
    return ~np.column_stack(columns)


def _in_order(scale: Scale, facets: dict[str, list[Question]]) -> dict[int, Question]:
    """Give questions by the item number of a published key: the order of the scale's items."""
    by_item = {question.item: question for members in facets.values() for question in members}
    return {
        number: by_item[item] for number, item in enumerate(items_of(scale), 1) if item in by_item
    }


def _score_facets(
    answers: pd.DataFrame,
    missing: pd.DataFrame,
    scale: Scale,
    facets: dict[str, list[Question]],
) -> dict[str, Scored]:
    """Score the facets of one presentation and, under "", the scale."""
    found = {
        facet: _score_items(answers, missing, scale, members) for facet, members in facets.items()
    }
    if scale.facets is None:
        return {"": found.popitem()[1]}
    if scale.score.of == "items":
        everything = [question for members in facets.values() for question in members]
        return {"": _score_items(answers, missing, scale, everything)} | found
    method, share = scale.score.method, scale.score.min_answered
    total = combine_facets(list(found.values()), method=method, min_answered=share)
    return {"": total} | found


def _score_items(
    answers: pd.DataFrame, missing: pd.DataFrame, scale: Scale, members: list[Question]
) -> Scored:
    return score_items(
        keyed(answers, members),
        presented(missing, members),
        declared_range(members[0]),
        method=scale.score.method,
        min_answered=scale.score.min_answered,
    )


def _assemble(blocks: Sequence[_Block]) -> pd.DataFrame:
    """Put the blocks under each other; what a block repeats is stored as a category."""
    if not blocks:
        return pd.DataFrame(columns=list(SCORE_COLUMNS))
    repeats = np.repeat(np.arange(len(blocks)), [len(block.people) for block in blocks])
    texts = {
        "about": [block.about for block in blocks],
        "scale": [block.scale for block in blocks],
        "facet": [block.facet for block in blocks],
        "rule": [block.scored.rule for block in blocks],
    }
    numbers = {
        name: np.concatenate([getattr(block.scored, name) for block in blocks])
        for name in ("score", "score_100", "n_answered", "n_items")
    }
    whole = pd.concat([block.people for block in blocks], ignore_index=True)
    repeated = {name: _repeated(each, repeats) for name, each in texts.items()}
    return whole.assign(**repeated, **numbers)[list(SCORE_COLUMNS)]


def _repeated(texts: list[str], repeats: np.ndarray) -> pd.Categorical:
    codes, categories = pd.factorize(pd.Series(texts, dtype="str"))
    return pd.Categorical.from_codes(codes[repeats], categories=categories)
