"""A workbook in which answers on paper are typed: a row a person, a column a question."""

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from driehoek.deploy.checks import require_deployable
from driehoek.deploy.layout import Entry, Page, languages_of
from driehoek.deploy.paper import numbering
from driehoek.deploy.rendering import words
from driehoek.files import replacing
from driehoek.instrument.questions import Questionnaire

LAST_ROW = 5000
# Excel takes no longer prompt, title of a prompt or list in a cell.
PROMPT, PROMPT_TITLE, LIST = 255, 32, 255
LANGUAGE = "language"
_HEAD = PatternFill("solid", fgColor="00465A")
_WHITE = Font(bold=True, color="FFFFFF")
_WRAP = Alignment(wrap_text=True, vertical="top")


def write_entry(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
) -> tuple[str, ...]:
    """Write a workbook for typing in answers, which ingest reads as it stands.

    Every cell accepts the codes of its question only, from a list that shows their labels;
    numbers keep to their range; codes of people and triads stay text, leading zeros and all.

    Parameters
    ----------
    questionnaire : Questionnaire
    path : pathlib.Path
    role : str, optional
        The questions of one role; otherwise those of all, with a column for the role.
    language : str, optional
        Of the prompts; otherwise the first one of the instrument.

    Raises
    ------
    InstrumentError
        If the role or language is not of the instrument, or a text is absent.
    """
    pages = require_deployable(questionnaire, "entry", role=role, language=language)
    shown = languages_of(questionnaire, language)[0]
    book = Workbook()
    sheet = book.active
    sheet.title = words(shown)["entry_sheet"]
    _fill_answers(sheet, questionnaire, pages, shown)
    _fill_codes(book.create_sheet(words(shown)["entry_codes"]), pages, shown)
    _fill_help(book.create_sheet(words(shown)["entry_help"]), shown)
    with replacing(path) as draft:
        book.save(draft)
    return ()


def _fill_answers(
    sheet: Worksheet, form: Questionnaire, pages: tuple[Page, ...], language: str
) -> None:
    entries = [entry for page in pages for entry in page.entries]
    numbers = numbering(pages)
    for position, entry in enumerate(entries, 1):
        letter = get_column_letter(position)
        head = sheet.cell(1, position, entry.id)
        said = words(language)["entry_text"]
        text = said.format(number=numbers[entry.id], text=entry.text[language])
        head.comment = Comment(text, "driehoek", width=360, height=110)
        sheet.column_dimensions[letter].width = max(9, len(entry.id) + 3)
        if entry.question.kind in {"code", "text"}:
            sheet.column_dimensions[letter].number_format = "@"
        if rule := _rule(entry, language):
            rule.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(rule)
    _add_language(sheet, len(entries) + 1, form.instrument.languages)
    _dress(sheet)


def _add_language(sheet: Worksheet, position: int, languages: Sequence[str]) -> None:
    letter = get_column_letter(position)
    sheet.cell(1, position, LANGUAGE)
    rule = DataValidation("list", formula1=_listed(languages), allow_blank=True)
    rule.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.add_data_validation(rule)


def _rule(entry: Entry, language: str) -> DataValidation | None:
    """Give the rule of a column; None where anything may be typed."""
    if entry.choices:
        return _choice_rule(entry, language)
    low, high = entry.question.minimum, entry.question.maximum
    if entry.question.kind != "number" or low is None or high is None:
        return None
    say, unit = words(language), entry.unit.get(language, "")
    limits = {"low": f"{low:g}", "high": f"{high:g}"}
    rule = DataValidation(
        "decimal", operator="between", formula1=limits["low"], formula2=limits["high"]
    )
    rule.prompt = say["entry_number"].format(unit=f" ({unit})" if unit else "", **limits)
    rule.error = say["entry_wrong_number"].format(**limits)
    return _strict(rule, entry, language)


def _choice_rule(entry: Entry, language: str) -> DataValidation:
    rule = DataValidation("list", formula1=_listed([choice.code for choice in entry.choices]))
    lines = [f"{choice.code} = {choice.label[language]}" for choice in entry.choices]
    rule.prompt = _cut("\n".join(lines), PROMPT)
    rule.error = words(language)["entry_wrong"]
    return _strict(rule, entry, language)


def _strict(rule: DataValidation, entry: Entry, language: str) -> DataValidation:
    rule.allow_blank = True
    rule.errorStyle = "stop"
    rule.showErrorMessage = rule.showInputMessage = True
    rule.promptTitle = _cut(entry.question.label[language], PROMPT_TITLE)
    rule.errorTitle = entry.id
    return rule


def _listed(codes: Sequence[str]) -> str:
    return f'"{",".join(codes)}"'


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _fill_codes(sheet: Worksheet, pages: tuple[Page, ...], language: str) -> None:
    say, numbers = words(language), numbering(pages)
    names = ("entry_column", "entry_paper", "entry_question", "code", "label")
    sheet.append([say[name] for name in names])
    for page in pages:
        for entry in page.entries:
            start = [entry.id, numbers[entry.id], entry.text[language]]
            for choice in entry.choices:
                sheet.append([*start, choice.code, choice.label[language]])
            if not entry.choices:
                sheet.append([*start, "", say[f"kind_{entry.question.kind}"]])
    for letter, width in zip("ABCDE", (14, 16, 70, 8, 44), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows(min_row=2):
        row[2].alignment = row[4].alignment = _WRAP
    _dress(sheet)


def _fill_help(sheet: Worksheet, language: str) -> None:
    sheet.column_dimensions["A"].width = 110
    for line in words(language)["entry_how"].splitlines():
        sheet.append([line])
        sheet.cell(sheet.max_row, 1).alignment = _WRAP


def _dress(sheet: Worksheet) -> None:
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font, cell.fill = _WHITE, _HEAD
