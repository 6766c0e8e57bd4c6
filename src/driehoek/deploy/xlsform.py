"""XLSForm (XLSX) for KoBoToolbox and ODK: every language and role in one form."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook, load_workbook

from driehoek.deploy.checks import require_deployable
from driehoek.deploy.conditions import Joined, Measured, Test
from driehoek.deploy.layout import Choice, Entry, Page, Part, languages_of
from driehoek.deploy.wording import open_places
from driehoek.files import replacing
from driehoek.instrument.questions import Questionnaire
from driehoek.problems import Problem, name_of

LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English", "de": "Deutsch", "fr": "Français"}
OUT_OF_RANGE = {
    "nl": "Vul een getal in van {low:g} tot en met {high:g}.",
    "en": "Give a number from {low:g} to {high:g}.",
}
QUESTION_TYPES = {"number": "decimal", "text": "text", "code": "text"}
OPERATORS = {"==": "="}

Row = dict[str, str]
Lists = dict[str, tuple[Choice, ...]]


def write_xlsform(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
) -> tuple[str, ...]:
    """Write an XLSForm.

    Parameters
    ----------
    questionnaire : Questionnaire
    path : Path
        A file .xlsx.
    role : str, optional
        The form of one role; otherwise one form asks for the role and routes.
    language : str, optional
        One language; otherwise all, the first one as default.

    Returns
    -------
    tuple of str
        What is left to do by hand.

    Raises
    ------
    InstrumentError
        If KoBo or ODK would drop, cut or garble anything.
    """
    pages = require_deployable(questionnaire, "xlsform", role=role, language=language)
    languages = languages_of(questionnaire, language)
    _write(path, _sheets(questionnaire, pages, languages, role))
    return (
        "Import: KoBoToolbox, New, Upload an XLSForm; or ODK Central, New form.",
        "Export later as CSV with XML values and headers, without group names.",
        *open_places(pages, languages),
    )


def _sheets(
    questionnaire: Questionnaire, pages: tuple[Page, ...], languages: list[str], role: str | None
) -> dict[str, list[Row]]:
    lists = _lists(pages)
    survey: list[Row] = [{"type": name, "name": name} for name in ("start", "end")]
    for page in pages:
        survey += _page(page, languages, lists)
    choices = [
        {"list_name": name, "name": choice.code} | _each("label", choice.label, languages)
        for name, options in lists.items()
        for choice in options
    ]
    instrument = questionnaire.instrument
    settings = {
        "form_title": instrument.title[languages[0]],
        "form_id": "_".join([instrument.id, *([role] if role else [])]),
        "version": instrument.version,
        "default_language": column_language(languages[0]),
        "style": "pages",
    }
    return {"survey": survey, "choices": choices, "settings": [settings]}


def relevant(test: Test) -> str:
    """Write a test as XPath with XLSForm's references; an empty answer never meets it."""
    if test is True:
        return ""
    if test is False:
        return "false()"
    if isinstance(test, Joined):
        return f" {test.kind} ".join(f"({relevant(part)})" for part in test.parts)
    name = f"${{{test.question}}}"
    if isinstance(test, Measured):
        sign = OPERATORS.get(test.operator, test.operator)
        return f"{name} != '' and {name} {sign} {test.value:g}"
    return " or ".join(f"{name} = '{code}'" for code in test.codes)


def column_language(language: str) -> str:
    """Give a language as XLSForm's columns name it, such as Nederlands (nl)."""
    return f"{LANGUAGE_NAMES.get(language, language)} ({language})"


def translation_problems(path: Path) -> list[Problem]:
    """Find rows of an XLSForm that have a text in one language and not in another.

    pyxform and ODK Validate pass over a single empty cell.
    """
    workbook = load_workbook(path, read_only=True)
    problems: list[Problem] = []
    for sheet in workbook.worksheets:
        lines = list(sheet.iter_rows(values_only=True))
        header = [str(cell) for cell in lines[0]]
        for number, cells in enumerate(lines[1:], 2):
            row = dict(zip(header, cells, strict=True))
            problems += _gaps(name_of(path), sheet.title, number, row)
    workbook.close()
    return problems


def _gaps(file: str, sheet: str, number: int, row: Mapping[str, object]) -> Iterator[Problem]:
    columns = sorted(name for name in row if "::" in name)
    for kind, names in groupby(columns, key=lambda name: name.partition("::")[0]):
        texts = {name: str(row[name] or "").strip() for name in names}
        if not any(texts.values()):
            continue
        for name in (name for name, text in texts.items() if not text):
            language = name.partition("::")[2]
            yield Problem(
                file,
                f"no {kind} in {language}",
                f"a {kind} in each language",
                f"fill in the cell of sheet {sheet}",
                row=number,
                column=name,
                item=str(row.get("name") or ""),
                check="translation",
            )


def _page(page: Page, languages: list[str], lists: Lists) -> Iterator[Row]:
    yield {
        "type": "begin_group",
        "name": f"page_{page.id}",
        "relevant": relevant(page.when),
        "appearance": "field-list",
    } | _each("label", page.title, languages)
    if page.text:
        note = {"type": "note", "name": f"text_{page.id}"}
        yield note | _each("label", page.text, languages)
    for part in page.parts:
        yield from _part(part, languages, lists)
    yield {"type": "end_group"}


def _part(part: Part, languages: list[str], lists: Lists) -> Iterator[Row]:
    first = part.entries[0]
    if part.is_grid:
        yield {
            "type": f"select_one {_list_of(first, lists)}",
            "name": f"head_{part.name}",
            "appearance": "label",
            "relevant": relevant(part.when),
        } | _each("label", part.lead or dict.fromkeys(languages, "-"), languages)
    elif part.lead:
        note = {"type": "note", "name": f"lead_{part.name}", "relevant": relevant(part.when)}
        yield note | _each("label", part.lead, languages)
    for entry in part.entries:
        if entry.information:
            note = {"type": "note", "name": f"info_{entry.id}", "relevant": relevant(entry.when)}
            yield note | _each("label", entry.information, languages)
        yield _question(entry, languages, lists) | (
            {"appearance": "list-nolabel"} if part.is_grid else {}
        )


def _question(entry: Entry, languages: list[str], lists: Lists) -> Row:
    question = entry.question
    kind = (
        f"select_one {_list_of(entry, lists)}" if entry.choices else QUESTION_TYPES[question.kind]
    )
    row = {
        "type": kind,
        "name": entry.id,
        "required": "yes" if entry.required else "",
        "relevant": relevant(entry.when),
        "appearance": "multiline" if question.kind == "text" else "",
    }
    row |= _each("label", entry.text, languages) | _each("hint", entry.unit, languages)
    if question.kind == "number":
        low, high = question.minimum, question.maximum
        row["constraint"] = f". >= {low:g} and . <= {high:g}"
        said = {lang: OUT_OF_RANGE.get(lang, "{low:g}-{high:g}") for lang in languages}
        said = {lang: text.format(low=low, high=high) for lang, text in said.items()}
        row |= _each("constraint_message", said, languages)
    return row


def _each(kind: str, text: Mapping[str, str], languages: list[str]) -> Row:
    return {f"{kind}::{column_language(lang)}": text[lang] for lang in languages if text}


def _lists(pages: tuple[Page, ...]) -> Lists:
    """Name each list of options once: as its response set, else as its question."""
    lists: Lists = {}
    for entry in (entry for page in pages for entry in page.entries if entry.choices):
        if entry.choices not in lists.values():
            base = entry.response or entry.id
            taken = sum(name.split("__")[0] == base for name in lists)
            lists[f"{base}__{taken + 1}" if taken else base] = entry.choices
    return lists


def _list_of(entry: Entry, lists: Lists) -> str:
    return next(name for name, options in lists.items() if options == entry.choices)


def _write(path: Path, sheets: Mapping[str, list[Row]]) -> None:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        sheet.append(columns)
        for row in rows:
            sheet.append([row.get(column) or None for column in columns])
        for cell in (cell for cells in sheet.iter_rows() for cell in cells):
            if cell.data_type == "f":  # a text that begins with = is no formula
                cell.data_type = "s"
    with replacing(path) as draft:
        workbook.save(draft)
