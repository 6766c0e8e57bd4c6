"""Scores of published scales by their own keys."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.instrument.keys import KeyScale, ScaleKey, read_scale_key
from driehoek.instrument.questions import Question, Questionnaire, items_of
from driehoek.problems import InstrumentError, Problem, name_of
from driehoek.scoring.keying import keyed
from driehoek.scoring.rules import Scored
from driehoek.study import Study

PublishedKeys = Mapping[str, ScaleKey]
TOTALS = ("total", "sum")


def read_keys(
    questionnaire: Questionnaire, folder: Path, *, accept_unverified: bool
) -> dict[str, ScaleKey]:
    """Read the keys that the scales of an instrument name.

    Parameters
    ----------
    folder : pathlib.Path
        Holds ``<id>.yaml`` for each key.
    accept_unverified : bool
        Whether the study says that it takes keys nobody compared with the authors' form.

    Raises
    ------
    InstrumentError
        If a key is faulty, absent or unverified, or does not fit the items of its scale.
    """
    keys: dict[str, ScaleKey] = {}
    problems: list[Problem] = []
    for name, scale in questionnaire.instrument.scales.items():
        if scale.key is None:
            continue
        path = folder / f"{scale.key}.yaml"
        if not path.is_file():
            found = f"scale {name!r} names the key {scale.key!r}, which is not here"
            mend = "put the key into this folder, or correct key:"
            problems.append(Problem(name_of(path), found, "a file with the key", mend))
            continue
        key = keys[scale.key] = read_scale_key(path)
        problems += [
            Problem(name_of(path), found, expected, mend, item=f"scales.{name}")
            for found, expected, mend in _misfits(questionnaire, name, key, accept_unverified)
        ]
    if problems:
        raise InstrumentError(problems)
    return keys


def keys_of(study: Study) -> dict[str, ScaleKey]:
    """Read the keys that the instrument of a study names, from ``scales/`` beside it.

    Raises
    ------
    InstrumentError
        As `read_keys`.
    """
    folder = study.locate(study.settings.instrument).parent / "scales"
    accept = study.settings.accept_unverified
    return read_keys(study.questionnaire, folder, accept_unverified=accept)


def keyed_items(
    answers: pd.DataFrame, questions: Sequence[Question], form: Questionnaire, keys: PublishedKeys
) -> pd.DataFrame:
    """Give the answers as they enter scores: turned round, or as a published key recodes them.

    Parameters
    ----------
    answers : pandas.DataFrame, shape (n, questions or more)
        Analysis values by question id; NaN where missing.
    questions : sequence of Question
        Of items.
    form : Questionnaire
    keys : mapping
        Published keys by id.

    Returns
    -------
    pandas.DataFrame, shape (n, questions)
        By question id, on the index of `answers`.
    """
    published = {
        item: (keys[scale.key], number)
        for scale in form.instrument.scales.values()
        if scale.key is not None
        for number, item in enumerate(items_of(scale), 1)
    }
    columns = {
        question.id: keyed_codes(answers[question.id], *published[question.item])
        if question.item in published
        else keyed(answers, [question])[:, 0]
        for question in questions
    }
    return pd.DataFrame(columns, index=answers.index)


def _misfits(
    questionnaire: Questionnaire, name: str, key: ScaleKey, accept_unverified: bool
) -> Iterator[tuple[str, str, str]]:
    if key.status == "unverified" and not accept_unverified:
        yield (
            f"the key {key.id!r} is unverified",
            "a key that was compared with the authors' form",
            "compare it, or put accept_unverified: true into the study file",
        )
    items = items_of(questionnaire.instrument.scales[name])
    if len(items) != key.items:
        yield (
            f"{len(items)} items for the key {key.id!r}",
            f"{key.items}, in the order of the form",
            "list every item of the form under items",
        )
    for question in questionnaire.questions.values():
        if question.item not in items:
            continue
        if question.is_reversed:
            yield (
                f"question {question.id!r} is keyed '-', and the key turns items itself",
                "keyed: '+' for the items of a published key",
                "leave out keyed",
            )
        if strange := sorted(set(question.values.values()) - set(map(float, key.codes))):
            yield (
                f"question {question.id!r} has the values {strange}",
                f"the codes of the form, {key.options.min} to {key.options.max}",
                "give each option the value of its code on the form",
            )


def score_published(
    answers: pd.DataFrame, questions: Mapping[int, Question], key: ScaleKey
) -> dict[str, Scored]:
    """Score every scale of a key.

    Parameters
    ----------
    answers : pandas.DataFrame
        Codes of the form by question id; NaN where missing.
    questions : mapping
        Question by item number of the form. An item without a question counts as missing.
    key : ScaleKey

    Returns
    -------
    dict
        By scale of the key; the total, or the only scale, stands under "".
    """
    values = np.full((len(answers), key.items), np.nan)
    for number, question in questions.items():
        values[:, number - 1] = keyed_codes(answers[question.id], key, number)
    return {
        _facet(name, key): score_key_scale(values, scale, key) for name, scale in key.scales.items()
    }


def keyed_codes(codes: Iterable[float], key: ScaleKey, number: int) -> np.ndarray:
    """Recode or reverse the codes of one item as its key says; NaN stays NaN."""
    given = np.asarray(codes, dtype=float)
    by_code = key.values(number)
    table = np.array([by_code[code] for code in key.codes])
    is_answered = ~np.isnan(given)
    values = np.full(given.shape, np.nan)
    values[is_answered] = table[given[is_answered].astype(np.int64) - key.options.min]
    return values


def score_key_scale(values: np.ndarray, scale: KeyScale, key: ScaleKey) -> Scored:
    """Score one scale of a key; up to ``max_missing`` items count as the person's mean.

    Parameters
    ----------
    values : numpy.ndarray, shape (n, items of the form)
        Keyed values; NaN where missing.
    scale : KeyScale
    key : ScaleKey
        For the words of the rule.
    """
    chosen = values[:, [number - 1 for number in scale.items]]
    is_answered = ~np.isnan(chosen)
    n_answered = is_answered.sum(axis=1)
    k = len(scale.items)
    total = np.where(is_answered, chosen, 0.0).sum(axis=1)
    enough = n_answered >= k - scale.missing.max_missing
    mean = np.where(enough, total / np.maximum(n_answered, 1), np.nan)
    score = mean * (k if scale.score == "sum" else 1) * scale.multiply
    return Scored(score, n_answered, np.full(len(values), k), *scale.range, _rule(scale, key))


def _rule(scale: KeyScale, key: ScaleKey) -> str:
    missing = scale.missing
    allowed = (
        f"the person's mean for up to {missing.max_missing} missing"
        if missing.max_missing
        else "all items required"
    )
    times = "" if scale.multiply == 1 else f", times {scale.multiply:g}"
    whose = "the authors' rule" if missing.rule == "authors" else "project rule, not the authors'"
    doubt = "" if key.status == "verified" else " (unverified)"
    return f"key {key.id}{doubt}: {scale.score} of the items{times}; {allowed} ({whose})"


def _facet(name: str, key: ScaleKey) -> str:
    return "" if name in TOTALS or len(key.scales) == 1 else name
