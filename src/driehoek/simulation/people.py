"""Triads and the persons in them, with their background answers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from driehoek.instrument.questions import Question, Questionnaire
from driehoek.simulation.cells import valued_positions
from driehoek.simulation.truth import Background, ChoiceDraw, NumberDraw, Sampling


@dataclass(frozen=True, slots=True)
class People:
    """Persons by the seat they take in a triad.

    Attributes
    ----------
    seats : pandas.DataFrame
        ``triad`` and ``person`` (whole numbers), ``role``, ``triad_code``, ``person_code``,
        ``is_first`` (the first person of that role in the triad). A person who belongs to two
        triads has two seats.
    n_triads : int
    """

    seats: pd.DataFrame
    n_triads: int


def draw_people(
    questionnaire: Questionnaire,
    sampling: Sampling,
    n_triads: int,
    roles: Sequence[str],
    rng: np.random.Generator,
) -> People:
    """Draw triads; the stated shares hold exactly, up to rounding."""
    others = [role for role in questionnaire.instrument.roles if role != sampling.core]
    lacks = _who_is_lacking(n_triads, others, sampling, rng)
    has_second = np.isin(
        np.arange(n_triads), rng.choice(n_triads, round(sampling.second * n_triads), replace=False)
    )
    parts, start = [], 0
    for role in roles:
        letter = questionnaire.instrument.roles[role].letter.upper()
        triads = np.arange(n_triads)
        if role == sampling.core:
            part = _seats(role, letter, np.sort(np.concatenate([triads, triads[has_second]])))
        else:
            part = _seats(role, letter, triads[lacks != role])
        if role == sampling.shared_role:
            part = _share(part, letter, sampling.shared, rng)
        part["person"] += start
        start = int(part["person"].max()) + 1 if len(part) else start
        parts.append(part)
    return People(pd.concat(parts, ignore_index=True), n_triads)


def _who_is_lacking(
    n: int, others: list[str], sampling: Sampling, rng: np.random.Generator
) -> np.ndarray:
    lacks = np.full(n, "", dtype=object)
    if others:
        chosen = rng.choice(n, round(sampling.incomplete * n), replace=False)
        lacks[chosen] = np.resize(np.array(others, dtype=object), len(chosen))
    return lacks


def _seats(role: str, letter: str, triads: np.ndarray) -> pd.DataFrame:
    is_first = np.concatenate([[True], np.diff(triads) > 0])[: len(triads)]
    codes = [f"T{triad + 1:04d}" for triad in triads]
    own = [
        f"{code}-{letter}{1 if first else 2}" for code, first in zip(codes, is_first, strict=True)
    ]
    return pd.DataFrame(
        {
            "triad": triads,
            "person": np.arange(len(triads)),
            "role": role,
            "triad_code": codes,
            "person_code": own,
            "is_first": is_first,
        }
    )


def _share(part: pd.DataFrame, letter: str, share: float, rng: np.random.Generator) -> pd.DataFrame:
    """Let some seats take the person of the seat before; the codes name no triad."""
    n_pairs = len(part) // 2
    pairs = rng.choice(n_pairs, min(round(share * len(part)), n_pairs), replace=False)
    takes = np.isin(np.arange(len(part)), 2 * pairs + 1)
    person = np.cumsum(~takes) - 1
    return part.assign(person=person, person_code=[f"{letter}{each + 1:04d}" for each in person])


def draw_background(
    people: People,
    questionnaire: Questionnaire,
    background: Background,
    n_waves: int,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Draw the answers to background questions.

    Returns
    -------
    dict of numpy.ndarray, shape (seats, waves), int16
        Option positions or numbers by question id, the same in every wave unless the truth
        says that they change; a person with two seats answers the same in both, except about
        the triad (numbers).
    """
    drawn: dict[str, np.ndarray] = {}
    for qid, question in questionnaire.questions.items():
        if question.item is not None:
            continue
        if question.kind == "number":
            draw = background.numbers.get(qid)
            drawn[qid] = _numbers(people, question, draw, questionnaire, drawn, n_waves, rng)
        elif question.kind == "choice":
            shares = background.choices.get(qid)
            once = _choices(people, question, shares, questionnaire, drawn, rng)
            drawn[qid] = np.repeat(once[:, None], n_waves, axis=1)
        elif question.kind == "role":
            position = {o.role: i for i, o in enumerate(question.options)}
            once = people.seats["role"].map(position).to_numpy(dtype=np.int16)
            drawn[qid] = np.repeat(once[:, None], n_waves, axis=1)
    return drawn


def _groups(
    by: str, people: People, questionnaire: Questionnaire, drawn: dict[str, np.ndarray]
) -> np.ndarray:
    if by in drawn:
        codes = np.array([o.code for o in questionnaire.questions[by].options], dtype=object)
        return np.asarray(codes[drawn[by][:, 0]])
    return people.seats["role"].to_numpy(dtype=object)


def _choices(
    people: People,
    question: Question,
    draw: ChoiceDraw | None,
    questionnaire: Questionnaire,
    drawn: dict[str, np.ndarray],
    rng: np.random.Generator,
) -> np.ndarray:
    positions = valued_positions(question)
    groups = _groups(draw.by if draw else "role", people, questionnaire, drawn)
    u = rng.random(int(people.seats["person"].max()) + 1)[people.seats["person"]]
    found = np.zeros(len(groups), dtype=np.int16)
    for group in dict.fromkeys(groups):
        shares = draw.shares.get(group, draw.shares.get("*")) if draw else None
        if shares is None or len(shares) != len(positions):
            shares = (1 / len(positions),) * len(positions)
        here = groups == group
        place = np.searchsorted(np.cumsum(shares)[:-1], u[here], side="right")
        found[here] = positions[place]
    return found


def _numbers(
    people: People,
    question: Question,
    draw: NumberDraw | None,
    questionnaire: Questionnaire,
    drawn: dict[str, np.ndarray],
    n_waves: int,
    rng: np.random.Generator,
) -> np.ndarray:
    low, high = question.minimum or 0.0, question.maximum or 100.0
    n_seats = len(people.seats)
    if draw is None:
        once = rng.uniform(low, high, n_seats)
        return np.repeat(np.rint(once)[:, None], n_waves, axis=1).astype(np.int16)
    shape = (draw.mean / draw.sd) ** 2
    once = rng.gamma(shape, draw.mean / shape, n_seats)
    if draw.by in drawn:
        groups = _groups(draw.by, people, questionnaire, drawn)
        once *= np.array([draw.factors.get(group, 1.0) for group in groups])
    changes = 1 + draw.change * rng.standard_normal((n_seats, n_waves))
    changes[:, 0] = 1
    level = once[:, None] * changes + draw.growth * np.arange(n_waves)
    return np.clip(np.rint(level), low, high).astype(np.int16)
