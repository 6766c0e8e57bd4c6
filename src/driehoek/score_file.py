"""Scores of any table of answers, by an instrument or by the key of a published scale."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.files import write_csv
from driehoek.ingest.layout import Layout
from driehoek.ingest.missing import missing_kinds
from driehoek.ingest.people import roles_of
from driehoek.ingest.recognise import read_table, recognise
from driehoek.ingest.values import read_answers
from driehoek.instrument.keys import ScaleKey, read_scale_key
from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.reading import read_instrument
from driehoek.problems import AnswersError, InstrumentError, Problem, did_you_mean, name_of
from driehoek.responses import KIND_CATEGORIES
from driehoek.scoring.examples import check_examples, key_problems
from driehoek.scoring.published import keyed_codes, read_keys, score_key_scale
from driehoek.scoring.rules import Scored
from driehoek.scoring.scales import score_responses
from driehoek.yamlfile import read_document


def score_file(instrument: Path, data: Path, out: Path, *, role: str | None = None) -> int:
    """Score a table of answers and write the scores as CSV.

    Parameters
    ----------
    instrument : pathlib.Path
        An instrument, or the key of a published scale (``item_text`` tells them apart).
    data : pathlib.Path
        CSV, Excel or SPSS. For an instrument one column a question, named by its id. For a key
        one column an item: its number, or the key's id and the number (``ediz1``, ``ediz_1``).
    out : pathlib.Path
        Long table: ``row`` (as a spreadsheet counts), ``scale``, ``facet``, ``score``, ...
    role : str, optional
        Whose answers they are, where the table does not say.

    Returns
    -------
    int
        Rows scored.

    Raises
    ------
    InstrumentError, AnswersError
        With every fault.
    """
    document = read_document(instrument, InstrumentError)
    layout = recognise(read_table(data))
    if isinstance(document.data, dict) and "item_text" in document.data:
        scores = _by_key(read_scale_key(instrument), layout, data)
    else:
        scores = _by_instrument(instrument, layout, data, role)
    write_csv(out, scores)
    return len(layout.rows)


def _by_instrument(instrument: Path, layout: Layout, data: Path, role: str | None) -> pd.DataFrame:
    form, file = read_instrument(instrument), name_of(data)
    keys = read_keys(form, instrument.parent / "scales", accept_unverified=True)
    check_examples(form, name_of(instrument), keys)
    found = {code.casefold(): heading for heading, code in layout.codes.items()}
    headings = {qid: found[qid] for qid in form.questions if qid in found}
    if not headings:
        mend = "name the columns by the question ids of the instrument"
        raise AnswersError([Problem(file, "no column is a question", "question ids", mend, row=1)])
    answers = read_answers(layout, headings, form, file)
    if answers.problems:
        raise AnswersError(answers.problems)
    declared = [role] if role else list(form.instrument.roles)
    roles = roles_of(answers, form, declared, len(layout.rows))
    _refuse_unknown_roles(roles, form, file)
    complete = np.ones(len(layout.rows), dtype=bool)
    kinds = missing_kinds(answers, form, roles, complete)
    rows = pd.Series(layout.rows.astype(str))
    responses = pd.DataFrame(
        {"response": rows, "person": "", "triad": "", "wave": "", "role": roles} | kinds.values
    )
    words = np.array(KIND_CATEGORIES, dtype=object)
    missing = pd.DataFrame(
        {"response": rows} | {qid: words[codes] for qid, codes in kinds.kinds.items()}
    )
    scores = score_responses(responses, missing, form, keys)
    scores.insert(0, "row", scores["response"].astype(int))
    return scores.drop(columns=["response", "person", "triad", "wave"])


def _refuse_unknown_roles(roles: np.ndarray, form: Questionnaire, file: str) -> None:
    known = list(form.instrument.roles)
    if not set(roles) - set(known):
        return
    asked = form.role_question
    found = "the table does not say whose answers these are"
    mend = "say so with --role " + " or ".join(known)
    expected = f"a role in each row of column {asked!r}" if asked else "a role"
    raise AnswersError([Problem(file, found, expected, mend)])


def _by_key(key: ScaleKey, layout: Layout, data: Path) -> pd.DataFrame:
    problems = key_problems(key)
    if problems:
        raise InstrumentError(problems)
    file = name_of(data)
    columns = _item_columns(key, layout, file)
    wrong = [fault for heading in columns.values() for fault in _wrong(layout, heading, key, file)]
    if wrong:
        raise AnswersError(wrong)
    allowed = _allowed(key)
    codes = {n: layout.cells[columns[n]].str.strip().map(allowed) for n in key.item_numbers}
    values = np.column_stack([keyed_codes(codes[n], key, n) for n in key.item_numbers])
    parts = [
        _key_scores(layout, key.id, name, score_key_scale(values, scale, key))
        for name, scale in key.scales.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _item_columns(key: ScaleKey, layout: Layout, file: str) -> dict[int, str]:
    by_code = {code.casefold(): heading for heading, code in layout.codes.items()}
    found: dict[int, str] = {}
    problems = []
    for number in key.item_numbers:
        names = (str(number), f"{key.id}{number}", f"{key.id}_{number}", f"{key.id}_{number:02d}")
        heading = next((by_code[name] for name in names if name in by_code), None)
        if heading is None:
            mend = did_you_mean(names[1], layout.codes)
            found_text = f"no column for item {number}"
            problems.append(Problem(file, found_text, " or ".join(names[:3]), mend, row=1))
        else:
            found[number] = heading
    if problems:
        raise AnswersError(problems)
    return found


def _allowed(key: ScaleKey) -> dict[str, float]:
    return {str(code): float(code) for code in key.codes} | {"": np.nan}


def _wrong(layout: Layout, heading: str, key: ScaleKey, file: str) -> Iterator[Problem]:
    texts = layout.cells[heading].str.strip()
    for place in np.flatnonzero(~texts.isin(_allowed(key))):
        yield Problem(
            file,
            f"{texts.iloc[place]!r} is no code of the form",
            f"{key.options.min} to {key.options.max}, or empty",
            "correct the cell, or empty it where the answer is missing",
            row=int(layout.rows[place]),
            column=heading,
        )


def _key_scores(layout: Layout, scale: str, facet: str, scored: Scored) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "row": layout.rows,
            "scale": scale,
            "facet": facet,
            "score": scored.score,
            "score_100": scored.score_100,
            "n_answered": scored.n_answered,
            "n_items": scored.n_items,
            "rule": scored.rule,
        }
    )
