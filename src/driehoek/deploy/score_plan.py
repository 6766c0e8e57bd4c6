"""Scoring as a list of steps, for scripts that other programs run."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from driehoek.instrument.columns import score_column
from driehoek.instrument.keys import KeyScale, ScaleKey
from driehoek.instrument.model import Scale
from driehoek.instrument.questions import Question, Questionnaire, items_of
from driehoek.scoring.keying import declared_range
from driehoek.scoring.published import TOTALS
from driehoek.scoring.rules import ROUNDING

Keys = Mapping[str, ScaleKey]


@dataclass(frozen=True, slots=True)
class Turned:
    """An item as it counts.

    Attributes
    ----------
    question : str
    turn : float or None
        A reversed answer counts as this number minus the answer.
    recode : mapping
        Counted value by answer, where a published key says so; else empty.
    """

    question: str
    turn: float | None
    recode: Mapping[float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """One score of one role.

    Attributes
    ----------
    role, about, scale, facet : str
        ``about`` and ``facet`` are empty where there is none.
    label : mapping
        Per language.
    items : tuple of Turned
        Scored items; empty where the score is made of facets.
    parts : tuple of str
        Facets that it is made of.
    least_share : float
        Share of the items presented that must be answered.
    least : int or None
        Number of items that must be answered, where a published key says so.
    method : str
        Mean or sum over the items, or over the facets.
    times : float
        The mean of the items answered times this is the score.
    low, high : float
        Possible range.
    """

    role: str
    about: str
    scale: str
    facet: str
    label: Mapping[str, str]
    items: tuple[Turned, ...]
    parts: tuple[str, ...]
    least_share: float
    least: int | None
    method: Literal["mean", "sum"]
    times: float
    low: float
    high: float

    @property
    def column(self) -> str:
        """Name of the score, as in the linked tables."""
        return score_column(self.scale, self.facet, self.about or None)

    def column_of(self, facet: str) -> str:
        """Name of the score of one of its facets."""
        return score_column(self.scale, facet, self.about or None)

    @property
    def least_of_all(self) -> int:
        """How many must be answered where every item is presented."""
        if self.least is not None:
            return self.least
        return max(1, math.ceil(self.least_share * len(self.items) - ROUNDING))


def score_plan(form: Questionnaire, role: str | None, keys: Keys) -> tuple[Step, ...]:
    """Give every score in an order in which facets come before what is made of them.

    Parameters
    ----------
    form : Questionnaire
    role : str or None
        Only the scores of this role.
    keys : mapping
        Keys of published scales by id; a scale whose key is not there gets no step.
    """
    return tuple(
        step
        for name, scale in form.instrument.scales.items()
        for reader, about in form.presentations(name)
        if role in {None, reader}
        for step in _scale_steps(form, name, scale, reader, about, keys)
    )


def unscored(form: Questionnaire, keys: Keys) -> tuple[str, ...]:
    """Say which scales are left out, for their published key was not given."""
    scales = form.instrument.scales.items()
    names = [
        f"{name} (key {scale.key})" for name, scale in scales if scale.key not in {None, *keys}
    ]
    if not names:
        return ()
    return (f"Not scored by the script, for their keys were not given: {', '.join(names)}.",)


def _scale_steps(
    form: Questionnaire, name: str, scale: Scale, role: str, about: str | None, keys: Keys
) -> Iterator[Step]:
    place = (role, about or "", name)
    ids = form.facet_questions(name, role, about)
    facets = {facet: [form.questions[qid] for qid in each] for facet, each in ids.items()}
    if scale.key is not None:
        if scale.key in keys:
            yield from _published_steps(place, scale, facets, keys[scale.key])
        return
    everything = [question for members in facets.values() for question in members]
    if scale.facets is None:
        yield _item_step(place, "", scale.label, scale, everything)
        return
    for facet, members in facets.items():
        yield _item_step(place, facet, scale.facets[facet].label, scale, members)
    if scale.score.of == "items":
        yield _item_step(place, "", scale.label, scale, everything)
    else:
        yield _facet_step(place, scale, facets)


_Place = tuple[str, str, str]


def _item_step(
    place: _Place, facet: str, label: Mapping[str, str], scale: Scale, members: list[Question]
) -> Step:
    low, high = declared_range(members[0])
    times = len(members) if scale.score.method == "sum" else 1
    return Step(
        *place,
        facet,
        label,
        tuple(Turned(q.id, sum(declared_range(q)) if q.is_reversed else None, {}) for q in members),
        (),
        scale.score.min_answered,
        None,
        scale.score.method,
        times,
        low * times,
        high * times,
    )


def _facet_step(place: _Place, scale: Scale, facets: Mapping[str, list[Question]]) -> Step:
    is_sum = scale.score.method == "sum"
    limits = []
    for members in facets.values():
        times = len(members) if is_sum else 1
        limits.append([bound * times for bound in declared_range(members[0])])
    divisor = 1 if is_sum else len(facets)
    low, high = (sum(each) / divisor for each in zip(*limits, strict=True))
    share, method = scale.score.min_answered, scale.score.method
    parts = tuple(facets)
    return Step(*place, "", scale.label, (), parts, share, None, method, 1, low, high)


def _published_steps(
    place: _Place, scale: Scale, facets: Mapping[str, list[Question]], key: ScaleKey
) -> Iterator[Step]:
    by_item = {question.item: question for members in facets.values() for question in members}
    numbered = {n: by_item[item] for n, item in enumerate(items_of(scale), 1) if item in by_item}
    for name, part in key.scales.items():
        is_total = name in TOTALS or len(key.scales) == 1
        label = scale.label if is_total else dict.fromkeys(scale.label, name)
        items = tuple(
            Turned(numbered[n].id, None, {float(c): v for c, v in key.values(n).items()})
            for n in part.items
            if n in numbered
        )
        yield _published_step(place, "" if is_total else name, label, items, part)


def _published_step(
    place: _Place, facet: str, label: Mapping[str, str], items: tuple[Turned, ...], part: KeyScale
) -> Step:
    least = len(part.items) - part.missing.max_missing
    times = part.multiply * (len(part.items) if part.score == "sum" else 1)
    return Step(*place, facet, label, items, (), 1, least, part.score, times, *part.range)
