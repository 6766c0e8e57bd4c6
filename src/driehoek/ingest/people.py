"""Who answered: the role of each response, and checks that the file is the one meant."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from driehoek.ingest.choices import code_key, label_key
from driehoek.ingest.layout import Layout
from driehoek.ingest.privacy import shown
from driehoek.ingest.values import Answers
from driehoek.instrument.questions import Question, Questionnaire
from driehoek.problems import Problem
from driehoek.responses import KIND_CATEGORIES

_REACTIONS = (KIND_CATEGORIES.index(""), KIND_CATEGORIES.index("dont_know"))


def roles_of(answers: Answers, form: Questionnaire, declared: Sequence[str], n: int) -> np.ndarray:
    """Give each response's role: the export's own where it has one, else as answered.

    Empty where a respondent of an export of several roles did not say.
    """
    if len(declared) == 1:
        return np.full(n, declared[0], dtype=object)
    return _answered_roles(answers, form, n)


def _answered_roles(answers: Answers, form: Questionnaire, n: int) -> np.ndarray:
    qid = form.role_question
    if qid is None or qid not in answers.options:
        return np.full(n, "", dtype=object)
    names = [option.role or "" for option in form.questions[qid].options]
    by_option: np.ndarray = np.array([*names, ""], dtype=object)
    found: np.ndarray = by_option[answers.options[qid]]
    return found


def role_problems(
    answers: Answers, form: Questionnaire, declared: Sequence[str], rows: np.ndarray, file: str
) -> list[Problem]:
    """Find respondents whose own answer contradicts the roles that the study expects."""
    said = _answered_roles(answers, form, len(rows))
    other = np.flatnonzero((said != "") & ~np.isin(said, list(declared)))
    if len(other) == 0:
        return []
    found = f"{len(other)} of {len(rows)} respondents say they are {said[other[0]]!r}"
    return [
        Problem(
            file,
            found,
            " or ".join(declared),
            "see whether this is the file of another role, or name all its roles in the study",
            row=int(rows[other[0]]),
            item=form.role_question or "",
            check="role",
        )
    ]


def wave_problems(
    layout: Layout,
    heading: str,
    name: str,
    form: Questionnaire,
    waves: Sequence[str],
    wave: str,
    *,
    file: str,
) -> list[Problem]:
    """Find rows that say they belong to another wave.

    A wave column may hold the wave's name, the number in it, its position in the study, or
    the label of the instrument's option with one of these as its code.
    """
    cells = layout.cells[heading].str.strip()
    known = {each: _names(each, waves, form.questions.get(name)) for each in waves}
    others = set().union(*known.values()) - known[wave]
    wrong = [text for text in cells.unique() if text and not _keys(text) & known[wave]]
    if not wrong:
        return []
    rows = layout.rows[cells.isin(wrong).to_numpy(dtype=bool)]
    meant = any(_keys(text) & others for text in wrong)
    mend = (
        "this looks like another wave's export: correct the file's name or its wave in the study"
        if meant
        else "correct the wave column, or take it out"
    )
    found = f"{len(rows)} of {len(cells)} rows are of wave {shown(str(wrong[0]))}"
    return [
        Problem(file, found, f"wave {wave}", mend, row=int(rows[0]), column=heading, check="wave")
    ]


def _keys(text: str) -> set[str]:
    return {code_key(text), label_key(text)}


def _names(wave: str, waves: Sequence[str], question: Question | None) -> set[str]:
    number = re.search(r"\d+$", wave)
    names = {wave.casefold(), str(int(number.group())) if number else str(waves.index(wave) + 1)}
    for option in question.options if question else ():
        if option.code.casefold() in names:
            names |= {label_key(text) for text in option.label.values()}
    return names


def consent_of(
    answers: Answers, form: Questionnaire, kinds: Mapping[str, np.ndarray], n: int
) -> pd.Series:
    """Give yes, no, or nothing where consent was not asked or not answered."""
    consent = form.instrument.consent
    if consent is None or consent.question not in answers.options:
        return pd.Series([""] * n, dtype="str")
    met = _answered(consent.question, consent.required, answers, form, kinds)
    return pd.Series(np.select([met == 1, met == 0], ["yes", "no"], ""), dtype="str")


def check_results(
    answers: Answers, form: Questionnaire, kinds: Mapping[str, np.ndarray], n: int
) -> dict[str, pd.Series]:
    """Give pass, fail, or nothing, for each attention check of the instrument."""
    found = {}
    for name, check in form.instrument.checks.items():
        if check.question in answers.options:
            met = _answered(check.question, check.expected, answers, form, kinds)
            found[name] = pd.Series(
                np.select([met == 1, met == 0], ["pass", "fail"], ""), dtype="str"
            )
        else:
            found[name] = pd.Series([""] * n, dtype="str")
    return found


def _answered(
    qid: str, code: str, answers: Answers, form: Questionnaire, kinds: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Tell whether the option with this code was chosen: 1, 0, or NaN without an answer."""
    codes = [option.code for option in form.questions[qid].options]
    chosen = answers.options[qid]
    allowed = np.isin(kinds[qid], _REACTIONS) if qid in kinds else np.ones(len(chosen), dtype=bool)
    return np.where((chosen >= 0) & allowed, (chosen == codes.index(code)).astype(float), np.nan)
