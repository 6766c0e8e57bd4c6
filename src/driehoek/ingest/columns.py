"""Which column answers which question: by code, or by a wording that one question has."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from driehoek.ingest.headings import NO_WORDINGS, Wordings, matching, wordings
from driehoek.ingest.layout import Layout, Meaning
from driehoek.ingest.privacy import kind_in_column, kind_of_identifier
from driehoek.instrument.questions import Questionnaire
from driehoek.problems import Problem, did_you_mean
from driehoek.study_file import Export, Linkage

WAVE_QUESTIONS = ("wave", "wavecode")
MEANINGS: dict[str, Meaning] = {
    "started": "started",
    "submitted": "submitted",
    "duration_seconds": "duration",
    "language": "language",
    "complete": "complete",
}
_GRID = re.compile(r"^(\w+)\[(\w+)\]$")
_RANK = {
    "the study's columns": 0,
    "code": 1,
    "row of a grid": 2,
    "wording with its lead": 3,
    "wording": 4,
}
# Parts of headings that platforms add for display order, texts and comments.
_NOT_ANSWERS = re.compile(r"_(?:DO|TEXT|other|comment)(?:_|$)|\[(?:other|\w*comment)\]", re.I)


@dataclass
class Columns:
    """Columns of an export by what they answer.

    Attributes
    ----------
    headings : dict
        Heading by question id, and by the names of the triad, person and wave columns.
    meanings : dict
        Heading by what it says about the response.
    roster : pandas.DataFrame
        ``column, question, use, matched_by``: every column of the file, in its order.
    problems : list of Problem
    """

    headings: dict[str, str] = field(default_factory=dict)
    meanings: dict[Meaning, str] = field(default_factory=dict)
    roster: pd.DataFrame = field(default_factory=pd.DataFrame)
    problems: list[Problem] = field(default_factory=list)


def match_columns(
    layout: Layout, form: Questionnaire, linkage: Linkage, export: Export, *, file: str
) -> Columns:
    """Match the columns of an export to the questions of the instrument.

    Parameters
    ----------
    layout : Layout
    form : Questionnaire
    linkage : Linkage
        Names the triad and person columns.
    export : Export
        Its ``columns:`` come first.
    file : str
        As messages name it.
    """
    names = [*form.questions, *_keys(linkage), *wave_columns(form)]
    targets = {name.casefold(): name for name in names}
    columns = Columns(meanings=dict(layout.meanings))
    mapped = _mapped(layout, export, targets, columns, file)
    worded = wordings(form, export.role) if layout.worded else NO_WORDINGS
    offers: dict[str, list[tuple[int, str, str]]] = {}
    for heading, code in layout.codes.items():
        found = list(_candidates(heading, code, mapped, targets, splits=layout.splits))
        if not found and heading not in mapped:
            found = _worded(heading, worded, columns, file)
        for target, how in found:
            offers.setdefault(target, []).append((_RANK[how], heading, how))
    ways: dict[str, tuple[str, str]] = {}
    for target, offered in offers.items():
        _take(target, offered, columns, ways, file)
    columns.meanings = {
        meaning: heading for meaning, heading in columns.meanings.items() if heading not in ways
    }
    columns.roster = _roster(layout, columns, ways, form, linkage)
    columns.problems += _absent(layout, form, linkage, export, columns, file)
    return columns


def wave_columns(form: Questionnaire) -> list[str]:
    """Give the names of columns that say which wave a response belongs to."""
    asked = (q.id for q in form.questions.values() if q.kind in {"code", "choice"})
    return list(dict.fromkeys(["wave", *(qid for qid in asked if qid in WAVE_QUESTIONS)]))


def _keys(linkage: Linkage) -> list[str]:
    return [linkage.triad] + ([linkage.person] if linkage.person else [])


def _mapped(
    layout: Layout, export: Export, targets: Mapping[str, str], columns: Columns, file: str
) -> dict[str, str]:
    """Apply the study's ``columns:``; gather its faults."""
    by_code = {code: heading for heading, code in layout.codes.items()}
    mapped: dict[str, str] = {}
    for named, target in export.columns.items():
        heading = named.strip() if named.strip() in layout.codes else by_code.get(named.strip())
        if heading is None:
            mend = did_you_mean(named, layout.codes)
            columns.problems.append(
                Problem(file, f"no column {named!r}", "a column that columns: names", mend, row=1)
            )
        elif target in MEANINGS:
            columns.meanings[MEANINGS[target]] = heading
            mapped[heading] = ""
        elif target.casefold() not in targets:
            mend = did_you_mean(target, targets.values())
            found = f"columns: leads to {target!r}, which the instrument does not ask"
            columns.problems.append(
                Problem(file, found, "a question id", mend, row=1, column=heading)
            )
        else:
            mapped[heading] = targets[target.casefold()]
    return mapped


def _candidates(
    heading: str, code: str, mapped: Mapping[str, str], targets: Mapping[str, str], *, splits: bool
) -> Iterator[tuple[str, str]]:
    if heading in mapped:
        if mapped[heading]:
            yield mapped[heading], "the study's columns"
    elif code.casefold() in targets:
        yield targets[code.casefold()], "code"
    elif splits and not _NOT_ANSWERS.search(code):
        for part in _parts(code.casefold()):
            if part in targets:
                yield targets[part], "row of a grid"
                return


def _worded(heading: str, worded: Wordings, columns: Columns, file: str) -> list[tuple[str, str]]:
    """Give the question whose wording a heading is; where several have it, say so."""
    questions, how = matching(heading, worded)
    if len(questions) > 1:
        found = f"this heading is the wording of {', '.join(questions)}"
        mend = "say under columns: in the study which question it is"
        expected = "a wording that one question has"
        problem = Problem(file, found, expected, mend, row=1, column=heading, check="wording")
        columns.problems.append(problem)
        return []
    return [(question, how) for question in questions]


def _parts(code: str) -> Iterator[str]:
    """Give the codes that ``grid[row]`` and ``grid_row`` may stand for."""
    if match := _GRID.match(code):
        yield match.group(2)
        yield match.group(1) + match.group(2)
    elif "_" in code:
        grid, row = code.rsplit("_", 1)
        yield row
        yield grid.rsplit("_", 1)[-1] + row


def _take(
    target: str,
    offered: list[tuple[int, str, str]],
    columns: Columns,
    ways: dict[str, tuple[str, str]],
    file: str,
) -> None:
    best = min(rank for rank, _, _ in offered)
    chosen = [(heading, how) for rank, heading, how in offered if rank == best]
    heading, how = chosen[0]
    columns.headings[target] = heading
    ways[heading] = (target, how)
    if len(chosen) > 1:
        names = ", ".join(repr(each) for each, _ in chosen)
        columns.problems.append(
            Problem(
                file,
                f"columns {names} all answer {target!r}",
                "one column a question",
                "take one out, or say under columns: in the study which one counts",
                row=1,
                item=target,
                check="duplicate column",
            )
        )


def _roster(
    layout: Layout,
    columns: Columns,
    ways: Mapping[str, tuple[str, str]],
    form: Questionnaire,
    linkage: Linkage,
) -> pd.DataFrame:
    paradata = {*columns.meanings.values(), *layout.pages}
    records = []
    for heading in layout.codes:
        target, how = ways.get(heading, ("", ""))
        if target:
            use = _use(target, form, linkage)
        elif heading in paradata:
            use, how = "paradata", layout.platform
        elif heading == layout.invitation:
            use, how = "key", layout.platform
        elif heading in layout.identifiers:
            use, how = "identifier dropped", layout.platform
        elif kind := kind_in_column(layout.cells[heading]):
            use, how = "identifier dropped", f"content: {kind}"
        else:
            use = "unknown dropped"
        kind = kind_of_identifier(heading)
        records.append((f"({kind})" if kind else heading, target, use, how))
    return pd.DataFrame(records, columns=["column", "question", "use", "matched_by"], dtype="str")


def _use(target: str, form: Questionnaire, linkage: Linkage) -> str:
    if target in [*_keys(linkage), *wave_columns(form)]:
        return "key"
    question = form.questions.get(target)
    if question is None or question.kind == "role":
        return "key"
    return "answer" if question.is_stored else "free text dropped"


def _absent(
    layout: Layout,
    form: Questionnaire,
    linkage: Linkage,
    export: Export,
    columns: Columns,
    file: str,
) -> list[Problem]:
    """Find the columns that these roles' questionnaires have and the file has not."""
    roles = set(export.role)
    expected = [qid for qid in form.stored if roles & set(form.questions[qid].roles)]
    if not set(expected) & set(columns.headings):
        found = "no column is a question of the instrument"
        mend = "export with question codes as headings, or name them under columns: in the study"
        some = f"columns such as {', '.join(expected[:3])}"
        return [Problem(file, found, some, mend, row=1, check="columns")]
    if len(roles) > 1:
        expected += [form.role_question] if form.role_question else []
    expected += _keys(linkage)
    spare = set(layout.codes.values()) - set(columns.headings.values())
    problems = [
        Problem(
            file,
            f"no column for {qid!r}",
            f"a column {qid}, as {', '.join(export.role)} are asked it",
            f"export all questions with their codes; {_near(qid, spare)}",
            row=1,
            item=qid,
            check="missing column",
        )
        for qid in dict.fromkeys(expected)
        if qid not in columns.headings
    ]
    if len(roles) > 1 and form.role_question is None:
        found = "answers of several roles, and the instrument has no question of kind role"
        problems.append(Problem(file, found, "one role an export", check="role"))
    return problems


def _near(qid: str, spare: set[str]) -> str:
    near = did_you_mean(qid, spare) if spare else ""
    suggestion = f"{near} " if near.startswith("did you mean") else ""
    return f"{suggestion}if it has another name, give it under columns: in the study"
