"""A questionnaire to print: A4, large type, boxes to cross."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from driehoek.deploy.checks import require_deployable, require_one
from driehoek.deploy.conditions import Chosen, Joined, Measured, Test
from driehoek.deploy.layout import Choice as Option
from driehoek.deploy.layout import Entry, Page, Part
from driehoek.deploy.rendering import typeset, words
from driehoek.deploy.wording import open_places
from driehoek.instrument.questions import Questionnaire

# From so many numbered options on, they stand side by side, as a ruler.
RULER_OPTIONS = 8
# Fewer options with labels up to so many characters stand on one line.
LINE_OPTIONS, LINE_LABEL = 3, 14
CODE_PLACES = 8
Plain = dict[str, Any]


def write_paper(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
) -> tuple[str, ...]:
    """Write the questionnaire of one role in one language as a PDF to print.

    Raises
    ------
    InstrumentError
        If the role or language is not given or not of the instrument, or a text is absent.
    """
    return _write(questionnaire, path, role, language, with_codes=False)


def write_paper_codes(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
) -> tuple[str, ...]:
    """Write the edition for whoever types the answers in: with question ids and codes.

    Raises
    ------
    InstrumentError
        If the role or language is not given or not of the instrument, or a text is absent.
    """
    return _write(questionnaire, path, role, language, with_codes=True)


def _write(
    form: Questionnaire, path: Path, role: str | None, language: str | None, *, with_codes: bool
) -> tuple[str, ...]:
    role = require_one(form, "paper", "role", role)
    language = require_one(form, "paper", "language", language)
    pages = require_deployable(form, "paper", role=role, language=language)
    document = paper_document(form, pages, role, language)
    typeset(path, "paper.typ", {**document, "with_codes": with_codes})
    return open_places(pages, [language])


def numbering(pages: tuple[Page, ...]) -> dict[str, int]:
    """Give each question the number it is printed with."""
    entries = [entry.id for page in pages for entry in page.entries]
    return {qid: number for number, qid in enumerate(entries, 1)}


def paper_document(form: Questionnaire, pages: tuple[Page, ...], role: str, language: str) -> Plain:
    """Lay the questionnaire of a role out as plain data for the template.

    Parameters
    ----------
    form : Questionnaire
    pages : tuple of Page
        As laid out for the role.
    role, language : str
    """
    instrument = form.instrument
    numbers = numbering(pages)
    say = dict(words(language))
    label = instrument.roles[role].label[language]
    return {
        "language": language,
        "words": say,
        "title": instrument.title[language],
        "heading": say["paper_for"].format(role=label),
        "edition": f"{instrument.id} {instrument.version} · {label} · {language}",
        "pages": [_page(form, page, numbers, language) for page in pages],
    }


def _page(form: Questionnaire, page: Page, numbers: Mapping[str, int], language: str) -> Plain:
    return {
        "title": page.title[language],
        "text": page.text.get(language, ""),
        "parts": [_part(form, part, numbers, language) for part in page.parts],
        "stop": _stop(form, page, numbers, language),
    }


def _stop(form: Questionnaire, page: Page, numbers: Mapping[str, int], language: str) -> str:
    """Say who is done after the page that asks for consent; empty for other pages."""
    consent = form.instrument.consent
    asked = next((e for e in page.entries if consent and e.id == consent.question), None)
    if consent is None or asked is None:
        return ""
    yes = next(each for each in asked.choices if each.code == consent.required)
    said = words(language)["paper_stop"]
    return said.format(number=numbers[asked.id], option=yes.label[language])


def _part(form: Questionnaire, part: Part, numbers: Mapping[str, int], language: str) -> Plain:
    first = part.entries[0]
    return {
        "kind": "grid" if part.is_grid else _kind(first, language),
        "lead": part.lead.get(language, ""),
        "information": first.information.get(language, ""),
        "unit": first.unit.get(language, ""),
        "range": _range(first),
        "places": _places(first),
        "options": [_option(choice, first, language) for choice in first.choices],
        "rows": [
            {
                "number": str(numbers[entry.id]),
                "id": entry.id,
                "text": entry.text[language],
                "only": _only(form, entry.when, numbers, language),
            }
            for entry in part.entries
        ],
    }


def _option(choice: Option, entry: Entry, language: str) -> Plain:
    number, _, rest = choice.label[language].partition(":")
    return {
        "code": choice.code,
        "label": choice.label[language],
        "number": number.strip(),
        "rest": rest.strip(),
        "is_missing": choice.code in entry.question.missing_codes,
    }


def _kind(entry: Entry, language: str) -> str:
    if not entry.choices:
        return entry.question.kind
    missing = entry.question.missing_codes
    labels = [choice.label[language] for choice in entry.choices if choice.code not in missing]
    is_ruler = all(label.partition(":")[0].strip().isdigit() for label in labels)
    if is_ruler and len(labels) >= RULER_OPTIONS:
        return "ruler"
    is_short = all(len(choice.label[language]) <= LINE_LABEL for choice in entry.choices)
    return "line" if is_short and len(entry.choices) <= LINE_OPTIONS else "list"


def _places(entry: Entry) -> int:
    """Give how many digits or letters an answer takes."""
    if entry.question.kind == "number" and entry.question.maximum is not None:
        return len(f"{entry.question.maximum:.0f}")
    return CODE_PLACES


def _range(entry: Entry) -> str:
    low, high = entry.question.minimum, entry.question.maximum
    if entry.question.kind != "number" or low is None or high is None:
        return ""
    return f"{low:g} – {high:g}"


def _only(form: Questionnaire, test: Test, numbers: Mapping[str, int], language: str) -> str:
    said = _said(form, test, numbers, language)
    return words(language)["paper_only_if"].format(condition=said) if said else ""


def _said(form: Questionnaire, test: Test, numbers: Mapping[str, int], language: str) -> str:
    """Say a condition by the numbers of the questions; empty where it holds for everyone."""
    if isinstance(test, bool):
        return ""
    say = words(language)
    if isinstance(test, Joined):
        parts = [_said(form, part, numbers, language) for part in test.parts]
        return f" {say[test.kind]} ".join(parts)
    number = numbers[test.question]
    if isinstance(test, Measured):
        sign = test.operator.replace("==", "=")
        return say["paper_measured"].format(number=number, sign=sign, value=f"{test.value:g}")
    return say["paper_chose"].format(number=number, options=_chosen(form, test, language))


def _chosen(form: Questionnaire, test: Chosen, language: str) -> str:
    labels = {o.code: o.label[language] for o in form.questions[test.question].options}
    return f" {words(language)['or']} ".join(f"‘{labels[code]}’" for code in test.codes)
