"""A new export looked at: its platform, whose answers it holds, and what its columns answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.ingest.columns import match_columns
from driehoek.ingest.layout import Layout
from driehoek.ingest.recognise import read_table, recognise
from driehoek.instrument.questions import Questionnaire
from driehoek.next_wave.crosswalk import Renaming, propose
from driehoek.next_wave.wordings import reworded, worded_columns
from driehoek.problems import AnswersError, Problem, name_of
from driehoek.study_file import Export, Linkage

# A role's survey has at least this share of the questions that only that role is asked.
OWN_QUESTIONS = 0.5


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a new file holds.

    Attributes
    ----------
    path : pathlib.Path
    platform, reason : str
        Which program wrote it, and how that is seen.
    roles : tuple of str
    renamings : tuple of Renaming
        Proposed, not yet accepted.
    rewordings : pandas.DataFrame
        Questions whose words in the file are none of the instrument's.
    unknown : frozenset of str
        Headings of unknown use that no proposal takes.
    n : int
        Rows of answers.
    """

    path: Path
    platform: str
    reason: str
    roles: tuple[str, ...]
    renamings: tuple[Renaming, ...]
    rewordings: pd.DataFrame
    unknown: frozenset[str]
    n: int


def inspect_file(
    path: Path,
    form: Questionnaire,
    linkage: Linkage,
    earlier: Mapping[str, np.ndarray],
    roles: Sequence[str] = (),
) -> Inspected:
    """Look at a new export.

    Parameters
    ----------
    path : pathlib.Path
    form : Questionnaire
        The version the wave was asked.
    linkage : Linkage
    earlier : mapping
        Analysis values of the last wave with answers, by question id.
    roles : sequence of str
        Whose answers it holds, if the user says so.

    Raises
    ------
    AnswersError
        If the file cannot be read, or questions have no column and no proposal.
    """
    table, file = read_table(path), name_of(path)
    layout = recognise(table)
    words = worded_columns(path, table, layout)
    found = tuple(roles) or _roles(layout, form, linkage, file)
    export = Export(file=path.name, role=list(found))
    columns = match_columns(layout, form, linkage, export, file=file)
    absent = [each.item for each in columns.problems if each.check == "missing column"]
    renamings = propose(layout, columns, absent, form, words, earlier)
    named = {each.question: each.column for each in renamings}
    left = [
        problem
        for problem in columns.problems
        if not (problem.check == "missing column" and problem.item in named)
    ]
    if left:
        raise AnswersError(left)
    spare = columns.roster.loc[columns.roster["use"] == "unknown dropped", "column"]
    return Inspected(
        path,
        layout.platform,
        layout.reason,
        found,
        tuple(renamings),
        reworded(words, columns.headings | named, form),
        frozenset(spare) - frozenset(named.values()),
        len(layout.rows),
    )


def _roles(layout: Layout, form: Questionnaire, linkage: Linkage, file: str) -> tuple[str, ...]:
    """Tell whose answers a file holds, from the questions that only one role is asked."""
    everyone = list(form.instrument.roles)
    export = Export(file=file, role=everyone)
    columns = match_columns(layout, form, linkage, export, file=file)
    found = []
    for role in everyone:
        own = [q for q in form.stored if form.questions[q].roles == (role,)]
        here = sum(q in columns.headings for q in own)
        if own and here >= OWN_QUESTIONS * len(own):
            found.append(role)
    if not found:
        said = "half of no role's own questions have a column"
        mend = "export with question codes as headings, or say --role"
        raise AnswersError([Problem(file, said, "one role's survey", mend, row=1, check="role")])
    return tuple(found)
