"""REDCap's data dictionary (18 columns, CSV) and its instrument zip, in one language.

Column names and their order are those of dictionaries that REDCap wrote; no REDCap has
read ours: marked as unverified.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from driehoek.deploy.checks import require_deployable, require_one
from driehoek.deploy.conditions import Joined, Measured, Test, joined
from driehoek.deploy.layout import Entry, Page, Part
from driehoek.deploy.wording import as_html, open_places
from driehoek.files import replacing, write_text
from driehoek.instrument.questions import Questionnaire

COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
FIELD_TYPES = {
    "choice": "radio",
    "role": "radio",
    "number": "text",
    "text": "notes",
    "code": "text",
}
OPERATORS = {"==": "=", "!=": "<>"}
# REDCap fills in answers at [question]; the entities keep brackets as they are.
BRACKETS = {"[": "&#91;", "]": "&#93;"}
_SAME_DATE = (1980, 1, 1, 0, 0, 0)  # so that the same instrument gives the same bytes

Row = dict[str, str]


def write_redcap(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
) -> tuple[str, ...]:
    """Write a data dictionary (.csv), or an instrument to add to a project (.zip).

    Parameters
    ----------
    questionnaire : Questionnaire
    path : Path
        Its ending says which of the two.
    role : str, optional
        The form of one role; otherwise one form asks for the role and branches.
    language : str, optional
        Needed where the instrument has several: a dictionary holds one.

    Returns
    -------
    tuple of str
        What is left to do by hand.

    Raises
    ------
    InstrumentError
        If REDCap would drop, cut or garble anything.
    """
    lang = require_one(questionnaire, "redcap", "language", language)
    pages = require_deployable(questionnaire, "redcap", role=role, language=lang)
    form = "_".join([questionnaire.instrument.id, *([role] if role else [])])
    rows = [{COLUMNS[1]: form} | row for page in pages for row in _page(page, lang)]
    if path.suffix.lower() == ".zip":
        _write_zip(path, _table(rows))
        step = "Import: Project setup, Online designer, Upload an instrument zip."
    else:
        write_text(path, _table([_record_id(form), *rows]))
        step = "Import into an EMPTY project (Data dictionary): it replaces every form there."
    return (
        step,
        "No REDCap has read this file yet: try it in a project in development first.",
        "Switch on one section a page in the survey settings: a section is one of our pages.",
        "Export later as raw data with raw headings.",
        *open_places(pages, [lang]),
    )


def _record_id(form: str) -> Row:
    values = ("record_id", form, "", "text", "Record ID")
    return dict(zip(COLUMNS, values, strict=False))


def branching(test: Test) -> str:
    """Write a test as REDCap's branching logic; an empty answer never meets it."""
    if test is True:
        return ""
    if test is False:
        return "1 = 0"
    if isinstance(test, Joined):
        return f" {test.kind} ".join(f"({branching(part)})" for part in test.parts)
    if isinstance(test, Measured):
        sign = OPERATORS.get(test.operator, test.operator)
        name = f"[{test.question}]"
        return f"{name} <> '' and {name} {sign} {test.value:g}"
    return " or ".join(f"[{test.question}] = '{code}'" for code in test.codes)


def _page(page: Page, lang: str) -> Iterator[Row]:
    heading = [page.title[lang], page.text.get(lang, "")]
    for part in page.parts:
        if part.is_grid:
            heading.append(part.lead.get(lang, ""))
        for entry in part.entries:
            row = _field(entry, part, lang)
            row["Section Header"] = "<br>".join(_html(text) for text in heading if text)
            row["Branching Logic (Show field only if...)"] = branching(
                joined("and", [page.when, entry.when])
            )
            heading = []
            yield row


def _field(entry: Entry, part: Part, lang: str) -> Row:
    question = entry.question
    lead = "" if part.is_grid else part.lead.get(lang, "")
    texts = [entry.information.get(lang, ""), lead, entry.text[lang]]
    row = {
        "Variable / Field Name": entry.id,
        "Field Type": FIELD_TYPES[question.kind],
        "Field Label": "<br><br>".join(_html(text) for text in texts if text),
        "Choices, Calculations, OR Slider Labels": " | ".join(
            f"{choice.code}, {_html(choice.label[lang])}" for choice in entry.choices
        ),
        "Field Note": _html(entry.unit.get(lang, "")),
        "Identifier?": "y" if question.kind in {"code", "text"} else "",
        "Required Field?": "y" if entry.required else "",
        "Matrix Group Name": part.name if part.is_grid else "",
    }
    if question.kind == "number":
        row["Text Validation Type OR Show Slider Number"] = "number"
        row["Text Validation Min"] = f"{question.minimum:g}"
        row["Text Validation Max"] = f"{question.maximum:g}"
    return row


def _html(text: str) -> str:
    return as_html(text, also=BRACKETS, line_break="<br>")


def _table(rows: list[Row]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _write_zip(path: Path, dictionary: str) -> None:
    """Write the flat zip that adds an instrument; its project has a record id already."""
    with replacing(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("OriginID.txt", "driehoek"), ("instrument.csv", dictionary)):
            archive.writestr(zipfile.ZipInfo(name, _SAME_DATE), text.encode("utf-8"))
