"""Linked answers and scores as an SPSS file, with labels and kinds of missing answers."""

import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat

from driehoek.files import replacing
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.plan.derived import Derived
from driehoek.problems import AnswersError, Problem
from driehoek.responses import KIND_CATEGORIES, MISSING_KINDS

MISSING_CODES: dict[str, float] = {kind: -91.0 - i for i, kind in enumerate(MISSING_KINDS)}
USER_MISSING = {"lo": -99, "hi": -90}
MISSING_LABELS = {
    "nl": {
        "not_shown": "niet getoond",
        "planned": "volgens opzet niet gevraagd",
        "skipped": "overgeslagen",
        "dont_know": "weet niet of niet van toepassing",
        "broke_off": "eerder gestopt",
        "invalid": "ongeldig antwoord",
        "unknown": "onbekend of de vraag getoond is",
    },
    "en": {
        "not_shown": "not shown",
        "planned": "not asked by design",
        "skipped": "skipped",
        "dont_know": "don't know or does not apply",
        "broke_off": "broke off before",
        "invalid": "invalid answer",
        "unknown": "unknown whether it was shown",
    },
}
YES_NO = {"nl": ("nee", "ja"), "en": ("no", "yes")}
RESERVED = frozenset(
    ["all", "and", "by", "eq", "ge", "gt", "le", "lt", "ne", "not", "or", "to", "with"]
)
NAME_BYTES, LABEL_BYTES, VALUE_LABEL_BYTES = 64, 256, 120
DATE_AT, DATE = 92, b"01 Jan 7000:00:00"  # creation date (9 bytes) and time (8) of the header
INTEGERS, DECIMALS = "F8.0", "F10.4"


def spss_names(columns: Iterable[str]) -> dict[str, str]:
    """Give each column a name that SPSS takes: letters, digits and _, unique without case.

    A name that is reserved, starts with no letter, is longer than 64 bytes or is taken gets
    changed at its end; ``reciprocity.about_seeker`` becomes ``reciprocity_about_seeker``.
    """
    names: dict[str, str] = {}
    taken = set(RESERVED)
    for column in columns:
        plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in column).rstrip("_")
        plain = plain if plain[:1].isalpha() else f"v{plain}"
        name, number = plain[:NAME_BYTES], 1
        while name.lower() in taken:
            number += 1
            name = f"{plain[: NAME_BYTES - 1 - len(str(number))]}_{number}"
        taken.add(name.lower())
        names[column] = name
    return names


def cut(text: str, limit: int) -> str:
    """Cut a text to a number of UTF-8 bytes; what is cut ends in an ellipsis."""
    if len(text.encode()) <= limit:
        return text
    kept = text.encode()[: limit - len("…".encode())]
    return kept.decode(errors="ignore").rstrip() + "…"


def write_sav(
    path: Path,
    long: pd.DataFrame,
    missing: pd.DataFrame,
    questionnaire: Questionnaire,
    *,
    title: str,
    language: str,
    derived: Mapping[str, Derived],
) -> None:
    """Write the long table as SPSS opens it best; the same table gives the same bytes.

    Missing answers hold a code from -91 (not shown) to -97 (unknown), labelled and declared
    user-missing (-99 to -90); missing scores and derived variables are system-missing.

    Parameters
    ----------
    long : pandas.DataFrame
        Keys, answers, derived variables and scores, as linked.
    missing : pandas.DataFrame
        The same rows: kind of missing answer by question id.
    derived : mapping
        Rule of each derived variable.

    Raises
    ------
    AnswersError
        If an answer lies where the codes of missing answers lie.
    """
    names = spss_names(long.columns)
    table = with_missing_codes(long, missing, list(questionnaire.stored)).rename(columns=names)
    by_column = _dictionary(long, questionnaire, language, derived)
    options: dict[str, Any] = {
        option: {names[column]: value for column, value in each.items()}
        for option, each in by_column.items()
    }
    with replacing(path) as draft:
        pyreadstat.write_sav(table, draft, file_label=cut(title, 60), **options)
        _fix_date(draft)


def _dictionary(
    long: pd.DataFrame,
    questionnaire: Questionnaire,
    language: str,
    derived: Mapping[str, Derived],
) -> dict[str, dict[str, Any]]:
    """Give what pyreadstat writes about each column, by option and column."""
    questions = {name: questionnaire.questions[name] for name in questionnaire.stored}
    choices = [name for name, rule in derived.items() if rule.levels]
    whole = {*questions, *choices, "is_primary"}
    labels = _labels(long, questions, questionnaire, language)
    value_labels = _value_labels(long, questions, questionnaire, language, derived)
    return {
        "column_labels": {column: cut(text, LABEL_BYTES) for column, text in labels.items()},
        "variable_value_labels": {
            column: {value: cut(text, VALUE_LABEL_BYTES) for value, text in each.items()}
            for column, each in value_labels.items()
        },
        "missing_ranges": {qid: [USER_MISSING] for qid in questions},
        "variable_measure": {c: _measure(c, long, questions, derived) for c in long.columns},
        "variable_format": {
            column: _format(long[column], is_score=column not in whole)
            for column in long.select_dtypes(["number", "bool"]).columns
        },
    }


def with_missing_codes(
    long: pd.DataFrame, missing: pd.DataFrame, questions: list[str]
) -> pd.DataFrame:
    """Put a code in place of each missing answer; its kind decides which.

    Raises
    ------
    AnswersError
        If an answer lies between -99 and -90.
    """
    low, high = USER_MISSING["lo"], USER_MISSING["hi"]
    clash = [name for name in questions if long[name].between(low, high).any()]
    if clash:
        found = f"answers to {', '.join(clash)} between {low} and {high}"
        expected = "that range free: the .sav keeps the kinds of missing answers there"
        mend = "give the question another range or unit"
        raise AnswersError([Problem("the linked answers", found, expected, mend)])
    codes = np.array([np.nan, *MISSING_CODES.values()])
    coded = {}
    for name in questions:
        kinds = pd.Categorical(missing[name], categories=KIND_CATEGORIES).codes
        coded[name] = np.where(long[name].notna(), long[name], codes[kinds])
    return long.assign(**coded, is_primary=long["is_primary"].astype(float))


def _labels(
    long: pd.DataFrame,
    questions: Mapping[str, Question],
    questionnaire: Questionnaire,
    language: str,
) -> dict[str, str]:
    labels = {}
    for column in long.columns:
        if column in questions:
            question = questions[column]
            labels[column] = question.text.get(language) or question.label.get(language) or column
        else:
            labels[column] = _score_label(column, questionnaire, language)
    return labels


def _score_label(column: str, questionnaire: Questionnaire, language: str) -> str:
    scale, *rest = column.split(".")
    if scale not in questionnaire.instrument.scales:
        return column
    model = questionnaire.instrument.scales[scale]
    parts = [model.label[language]]
    for part in rest:
        role = questionnaire.instrument.roles.get(part.removeprefix("about_"))
        if part.startswith("about_") and role is not None:
            parts.append(f"→ {role.label[language]}")
        else:
            facet = (model.facets or {}).get(part)
            parts.append(facet.label[language] if facet else part)
    return f"{', '.join(parts)} [{column}]"


def _value_labels(
    long: pd.DataFrame,
    questions: Mapping[str, Question],
    questionnaire: Questionnaire,
    language: str,
    derived: Mapping[str, Derived],
) -> dict[str, dict[Any, str]]:
    kinds = MISSING_LABELS.get(language, MISSING_LABELS["en"])
    absent = {MISSING_CODES[kind]: text for kind, text in kinds.items()}
    roles = {name: role.label[language] for name, role in questionnaire.instrument.roles.items()}
    labels: dict[str, dict[Any, str]] = {
        "role": roles,
        "is_primary": dict(enumerate(YES_NO.get(language, YES_NO["en"]))),
    }
    for name, question in questions.items():
        given = {o.value: o.label[language] for o in question.options if o.value is not None}
        labels[name] = {**given, **absent}
    for name, rule in derived.items():
        if rule.levels:
            texts = _band_labels(rule.bands) if rule.bands is not None else rule.levels
            labels[name] = {float(i): text for i, text in enumerate(texts)}
    return {name: each for name, each in labels.items() if name in long}


def _band_labels(limits: list[float]) -> list[str]:
    last = len(limits) - 2
    pairs = itertools.pairwise(limits)
    return [
        f"{low:g} – {high:g}" if i == last else f"{low:g} – < {high:g}"
        for i, (low, high) in enumerate(pairs)
    ]


def _measure(
    column: str,
    long: pd.DataFrame,
    questions: Mapping[str, Question],
    derived: Mapping[str, Derived],
) -> str:
    if column in questions:
        question = questions[column]
        if question.kind == "number":
            return "scale"
        return "ordinal" if question.item is not None else "nominal"
    if column in derived and derived[column].levels:
        return "nominal" if derived[column].recode is not None else "ordinal"
    is_score = pd.api.types.is_float_dtype(long[column])
    return "scale" if is_score else "nominal"


def _format(column: pd.Series, *, is_score: bool) -> str:
    known = column.dropna()
    return DECIMALS if is_score or (known != known.round()).any() else INTEGERS


def _fix_date(path: Path) -> None:
    """Put a fixed date into the header: the moment of writing would change the file's hash."""
    with path.open("r+b") as stream:
        stream.seek(DATE_AT)
        stream.write(DATE)
