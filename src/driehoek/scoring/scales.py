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
    """Scores of one scale or facet, and the positions of their responses."""

    rows: np.ndarray
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
        Columns `SCORE_COLUMNS`; one row for each response, scale, person asked about and facet
        (``facet`` is "" for the scale itself). ``score`` is in the metric of the rule and NaN
        where too little was answered; ``score_100`` runs from 0 to 100 over the possible
        range; ``n_items`` counts the items presented to that person.
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
    for name, (role, about) in pairs:
        scores = score_presentation(
            answers[role], kinds[role], questionnaire, name, (role, about), keys
        )
        blocks += [
            _Block(of_role[role], about or "", name, facet, each) for facet, each in scores.items()
        ]
    return _assemble(responses, blocks)


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


def _assemble(responses: pd.DataFrame, blocks: Sequence[_Block]) -> pd.DataFrame:
    """Put the blocks under each other; each text is stored once and repeated by position."""
    if not blocks:
        return pd.DataFrame(columns=list(SCORE_COLUMNS))
    repeats = np.repeat(np.arange(len(blocks)), [len(block.rows) for block in blocks])
    texts = pd.DataFrame(
        [(block.about, block.scale, block.facet, block.scored.rule) for block in blocks],
        columns=["about", "scale", "facet", "rule"],
        dtype="str",
    )
    numbers = {
        name: np.concatenate([getattr(block.scored, name) for block in blocks])
        for name in ("score", "score_100", "n_answered", "n_items")
    }
    people = responses[list(IDENTITY)].take(np.concatenate([block.rows for block in blocks]))
    parts = (people, texts.take(repeats))
    whole = pd.concat([part.reset_index(drop=True) for part in parts], axis=1).assign(**numbers)
    return whole[list(SCORE_COLUMNS)]
