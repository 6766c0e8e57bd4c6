"""Worked examples of an instrument, checked before any real answer is scored."""

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

from driehoek.instrument.keys import ScaleKey
from driehoek.instrument.model import Example
from driehoek.instrument.questions import Questionnaire
from driehoek.problems import InstrumentError, Problem
from driehoek.scoring.published import PublishedKeys, keyed_codes, score_key_scale
from driehoek.scoring.scales import score_presentation

TOLERANCE = 1e-3  # examples are written with a few decimals; a wrong key is off by far more


def check_examples(
    questionnaire: Questionnaire, file: str, keys: PublishedKeys | None = None
) -> None:
    """Score every worked example of the scales and keys as real answers are scored.

    Raises
    ------
    InstrumentError
        With every example whose score is not the one it states.
    """
    problems = [
        problem
        for name, scale in questionnaire.instrument.scales.items()
        for example in scale.examples
        for problem in _check(questionnaire, name, example, file, keys)
    ]
    problems += [problem for key in (keys or {}).values() for problem in key_problems(key)]
    if problems:
        raise InstrumentError(problems)


def key_problems(key: ScaleKey) -> list[Problem]:
    """Find the worked examples of a published key that it does not score as they state."""
    problems = []
    for example in key.examples:
        codes = [_number(code) for code in example.answers]
        values = [keyed_codes([code], key, number)[0] for number, code in enumerate(codes, 1)]
        scored = score_key_scale(np.array([values]), key.scales[example.scale], key)
        expected, got = _number(example.score), float(scored.score[0])
        if not _agree(expected, got):
            found = f"a worked example of {example.scale} scores {_shown(got)}"
            mend = "check the key against the form, or the example itself"
            item = f"scales.{example.scale}"
            problems.append(Problem(f"{key.id}.yaml", found, _shown(expected), mend, item=item))
    return problems


def _check(
    questionnaire: Questionnaire,
    name: str,
    example: Example,
    file: str,
    keys: PublishedKeys | None,
) -> Iterator[Problem]:
    place = f"scales.{name}.examples"
    presentation = _presentation(questionnaire, name, example)
    if presentation is None:
        yield Problem(
            file,
            f"an example for {example.role or 'any role'} about {example.about or 'anyone'}, "
            "who gets no item of the scale",
            mend="give the role and about of one presentation of the scale",
            item=place,
        )
        return
    role, about = presentation
    asked = questionnaire.asked(role, about)
    strange = sorted(set(example.answers) - set(asked))
    if strange:
        yield Problem(
            file,
            f"an example answers {', '.join(strange)}, which {role} is not asked",
            f"items asked of {role} about {about or 'no one in particular'}",
            item=place,
        )
        return
    got = _score(questionnaire, name, example, presentation, keys)
    expected = _number(example.score)
    if not _agree(expected, got):
        yield Problem(
            file,
            f"the worked example of {role} about {about or 'no one'} scores {_shown(got)}",
            _shown(expected),
            "check the keys, ranges and facets of the scale, or the example itself",
            item=place,
        )


def _presentation(
    questionnaire: Questionnaire, name: str, example: Example
) -> tuple[str, str | None] | None:
    """Find whom an example is for; an example that does not say so is for the first."""
    possible = [
        (role, about)
        for role, about in questionnaire.presentations(name)
        if example.role in {None, role} and example.about in {None, about}
    ]
    exact = [pair for pair in possible if pair == (example.role, example.about)]
    return next(iter(exact or possible), None)


def _score(
    questionnaire: Questionnaire,
    name: str,
    example: Example,
    presentation: tuple[str, str | None],
    keys: PublishedKeys | None,
) -> float:
    given = {
        qid: example.answers.get(item) for item, qid in questionnaire.asked(*presentation).items()
    }
    answers = pd.DataFrame([{qid: _number(value) for qid, value in given.items()}])
    missing = pd.DataFrame([{q: "skipped" if v is None else "" for q, v in given.items()}])
    scores = score_presentation(answers, missing, questionnaire, name, presentation, keys)
    return float(scores[""].score[0]) if "" in scores else math.nan


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _agree(expected: float, got: float) -> bool:
    if math.isnan(expected) or math.isnan(got):
        return math.isnan(expected) and math.isnan(got)
    return abs(expected - got) <= TOLERANCE


def _shown(score: float) -> str:
    return "no score" if math.isnan(score) else f"{score:.6g}"
