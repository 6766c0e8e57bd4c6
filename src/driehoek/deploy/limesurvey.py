"""LimeSurvey's tab-separated survey structure (.txt): every language and role in one survey.

Column names, row classes and their order are those that LimeSurvey 6.10 imported correctly.
A grid is an array question whose rows have our question ids, so that an export heads its
columns ``grid[question]``.
"""

import csv
import io
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from driehoek.deploy.checks import require_deployable
from driehoek.deploy.conditions import Chosen, Joined, Measured, Test, joined
from driehoek.deploy.layout import Entry, Page, Part, languages_of
from driehoek.deploy.wording import as_html, open_places
from driehoek.files import write_text
from driehoek.instrument.questions import Questionnaire

COLUMNS = (
    *("id", "related_id", "class", "type/scale", "name", "relevance", "text", "help", "language"),
    *("validation", "mandatory", "encrypted", "other", "default", "same_default", "same_script"),
    *("min_num_value_n", "max_num_value_n", "suffix"),
)
# The import takes the marks off a text that begins and ends with one.
QUOTATION_MARK = {'"': "&quot;"}
SETTINGS = {
    "format": "G",
    "anonymized": "N",
    "datestamp": "Y",
    "savetimings": "Y",
    "ipaddr": "N",
    "refurl": "N",
    "allowprev": "Y",
    "showwelcome": "N",
    "showprogress": "Y",
    "template": "fruity_twentythree",
}
QUESTION_TYPES = {"choice": "L", "role": "L", "number": "N", "text": "T", "code": "S"}
ARRAY = "F"
DATE_DAY_FIRST = "2"  # dd-mm-yyyy
DECIMAL_COMMA, DECIMAL_POINT = "1", "0"
COMMA_LANGUAGES = frozenset(["nl", "de", "fr", "es", "it", "pt", "da", "sv", "nb", "fi", "pl"])

Row = dict[str, str]


def write_limesurvey(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
) -> tuple[str, ...]:
    """Write a survey structure that LimeSurvey imports.

    Parameters
    ----------
    questionnaire : Questionnaire
    path : Path
        A file .txt.
    role : str, optional
        The survey of one role; otherwise one survey asks for the role and routes.
    language : str, optional
        One language; otherwise all, the first one as base language.

    Returns
    -------
    tuple of str
        What is left to do by hand.

    Raises
    ------
    InstrumentError
        If LimeSurvey would drop, cut or garble anything.
    """
    pages = require_deployable(questionnaire, "limesurvey", role=role, language=language)
    languages = languages_of(questionnaire, language)
    variables = {
        e.id: _variable(part, e) for page in pages for part in page.parts for e in part.entries
    }
    rows = [*_settings(questionnaire, languages)]
    for lang in languages:
        for number, page in enumerate(pages, 1):
            is_base = lang == languages[0]
            rows += _page(page, number, lang, variables, is_base=is_base)
    write_text(path, _table(rows))
    return (
        "Import: Surveys, Create survey, Import; then look at one page of each role.",
        "Export later with headings: question code, and answers: answer codes.",
        *open_places(pages, languages),
    )


def expression(test: Test, variables: Mapping[str, str]) -> str:
    """Write a test as an expression of LimeSurvey; an empty answer never meets it."""
    if isinstance(test, bool):
        return "1" if test else "0"
    if isinstance(test, Joined):
        return "(" + f" {test.kind} ".join(expression(p, variables) for p in test.parts) + ")"
    name = f"{variables[test.question]}.NAOK"
    if isinstance(test, Measured):
        return f"(!is_empty({name}) and {name} {test.operator} {test.value:g})"
    return _chosen(test, name)


def _chosen(test: Chosen, name: str) -> str:
    return "(" + " or ".join(f'{name} == "{code}"' for code in test.codes) + ")"


def _variable(part: Part, entry: Entry) -> str:
    return f"{part.name}_{entry.id}" if part.is_grid else entry.id


def _settings(form: Questionnaire, languages: list[str]) -> Iterator[Row]:
    instrument = form.instrument
    named = {
        "sid": str(100_000 + zlib.crc32(instrument.id.encode()) % 900_000),
        "language": languages[0],
        "additional_languages": " ".join(languages[1:]),
        **SETTINGS,
    }
    yield from ({"class": "S", "name": name, "text": text} for name, text in named.items() if text)
    for lang in languages:
        local = {
            "surveyls_title": instrument.title[lang].strip(),
            "surveyls_dateformat": DATE_DAY_FIRST,
            "surveyls_numberformat": DECIMAL_COMMA if lang in COMMA_LANGUAGES else DECIMAL_POINT,
        }
        for name, text in local.items():
            yield {"class": "SL", "name": name, "text": text, "language": lang}


def _page(
    page: Page, number: int, lang: str, variables: Mapping[str, str], *, is_base: bool
) -> Iterator[Row]:
    yield {
        "class": "G",
        "type/scale": str(number),
        "name": page.title[lang],
        "relevance": "1",
        "text": _html(page.text.get(lang, "")),
        "language": lang,
    }
    for part in page.parts:
        relevance = expression(joined("and", [page.when, part.when]), variables)
        rows = [_question(part, lang, relevance), *_subquestions(part, lang), *_answers(part, lang)]
        if is_base:
            rows[0] |= _number_limits(part)
        yield from rows


def _question(part: Part, lang: str, relevance: str) -> Row:
    first = part.entries[0]
    texts = [part.lead.get(lang, "")]
    if not part.is_grid:
        texts = [first.information.get(lang, ""), *texts, first.text[lang]]
    paragraphs = [_html(text) for text in texts if text]
    row = {
        "class": "Q",
        "type/scale": ARRAY if part.is_grid else QUESTION_TYPES[first.question.kind],
        "name": part.name,
        "relevance": relevance,
        "text": "<br /><br />".join(paragraphs),
        "language": lang,
        "mandatory": "Y" if first.required else "N",
    }
    unit = first.unit.get(lang, "")
    return row | ({"suffix": unit} if unit else {})


def _number_limits(part: Part) -> Row:
    """Give the limits of a number; once, for they are the same in every language."""
    question = part.entries[0].question
    if question.kind != "number":
        return {}
    return {
        "min_num_value_n": f"{question.minimum:g}",
        "max_num_value_n": f"{question.maximum:g}",
    }


def _subquestions(part: Part, lang: str) -> Iterator[Row]:
    for entry in part.entries if part.is_grid else ():
        yield {
            "class": "SQ",
            "type/scale": "0",
            "name": entry.id,
            "relevance": "1",
            "text": _html(entry.text[lang]),
            "language": lang,
        }


def _answers(part: Part, lang: str) -> Iterator[Row]:
    for choice in part.entries[0].choices:
        yield {
            "class": "A",
            "type/scale": "0",
            "name": choice.code,
            "text": _html(choice.label[lang]),
            "language": lang,
        }


def _html(text: str) -> str:
    return as_html(text, also=QUOTATION_MARK)


def _table(rows: list[Row]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(
        stream, COLUMNS, restval="", delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL
    )
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
