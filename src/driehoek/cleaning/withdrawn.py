"""People who asked that their answers be left out."""

from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.cleaning.side_files import ROW, read_side_file
from driehoek.ingest.identity import normalise_code, pseudonym, read_key
from driehoek.problems import Problem, StudyError, name_of
from driehoek.study import Study

CODES = ("person", "triad")
COLUMNS = (*CODES, "role", "wave", "reason")


def read_withdrawn(
    path: Path, key: bytes, *, roles: list[str], has_person_codes: bool
) -> pd.DataFrame:
    """Read the withdrawals of a study; codes become pseudonyms at once.

    The file holds codes as the raw data do and belongs beside them. A line names a ``person``,
    or a ``triad``, or a triad with a ``role``; it holds in every wave, whatever its ``wave``
    says: that column records when the person asked.

    Returns
    -------
    pandas.DataFrame
        ``person, triad`` (pseudonyms, "" where not given), ``role, reason`` and ``row``.

    Raises
    ------
    StudyError
        If a line names nobody, an unknown role, or a person in a study without person codes.
    """
    entries = read_side_file(path, required=(), optional=COLUMNS)
    problems: list[Problem] = []
    for _, entry in entries.iterrows():
        row = entry[ROW]
        if not (entry["person"] or entry["triad"]):
            found = "a line without person and without triad"
            problems.append(Problem(name_of(path), found, "a code", row=row))
        if entry["person"] and not has_person_codes:
            found = "a person code, and the study has none (linkage.person)"
            expected = "the triad code, with the role if one person of the triad is meant"
            problems.append(Problem(name_of(path), found, expected, row=row, column="person"))
        if entry["role"] and entry["role"] not in roles:
            found = f"unknown role {entry['role']!r}"
            problems.append(Problem(name_of(path), found, ", ".join(roles), row=row, column="role"))
    if problems:
        raise StudyError(problems)
    hidden = {
        kind: [pseudonym(key, kind, normalise_code(code)) for code in entries[kind]]
        for kind in CODES
    }
    return entries.assign(**hidden)[[*CODES, "role", "reason", ROW]]


def withdrawals_of(study: Study) -> pd.DataFrame | None:
    """Read the withdrawals that a study names; None where it names none."""
    settings = study.settings
    if settings.withdrawn is None:
        return None
    return read_withdrawn(
        study.locate(settings.withdrawn),
        read_key(study.locate(settings.pseudonyms.key)),
        roles=list(study.questionnaire.instrument.roles),
        has_person_codes=settings.linkage.person is not None,
    )


def read_withdrawn_rows(path: Path) -> list[int]:
    """Give the rows of the file that hold a withdrawal, as a spreadsheet counts them."""
    return read_side_file(path, required=(), optional=COLUMNS)[ROW].tolist()


def withdrawal_detail(row: int) -> str:
    """Give the words by which the ledger points to a line of the withdrawals."""
    return f"withdrawals, row {row}"


def withdrawn_line(responses: pd.DataFrame, withdrawn: pd.DataFrame) -> pd.Series:
    """Give for each response the row of the withdrawal that names it; 0 where none does."""
    line = pd.Series(0, index=responses.index)
    for _, entry in withdrawn.iterrows():
        named = np.ones(len(responses), dtype=bool)
        for column in (*CODES, "role"):
            if entry[column]:
                named &= (responses[column] == entry[column]).to_numpy(bool)
        line = line.mask(named & (line == 0), entry[ROW])
    return line
