"""A questionnaire as a SurveyJS model."""

from collections.abc import Mapping
from typing import Any

from driehoek.deploy.conditions import Joined, Measured, Test
from driehoek.deploy.layout import Choice, Entry, Page, Part
from driehoek.instrument.questions import Questionnaire

Model = dict[str, Any]
Places = Mapping[str, str]
CODE_LENGTH, TEXT_LENGTH = 64, 4000
SETTINGS: Model = {
    "showTitle": False,
    "showQuestionNumbers": "off",
    "showProgressBar": True,
    "progressBarType": "pages",
    "checkErrorsMode": "onNextPage",
    "textUpdateMode": "onBlur",
    "clearInvisibleValues": "onHidden",
    "focusFirstQuestionAutomatic": False,
    "showCompletePage": False,
    "widthMode": "responsive",
}


def survey_model(form: Questionnaire, pages: tuple[Page, ...], languages: list[str]) -> Model:
    """Write a survey for SurveyJS 2.5.

    Each text has an explicit key for each language, for SurveyJS takes ``default`` for English.

    Parameters
    ----------
    form : Questionnaire
    pages : tuple of Page
        As laid out for one role, or for all.
    languages : list of str
        The first one is shown first.
    """
    places = where_answers_are(pages)
    title = _said(form.instrument.title, languages)
    body = [_page(page, languages, places) for page in pages]
    return {"title": title, "locale": languages[0], **SETTINGS, "pages": body}


def where_answers_are(pages: tuple[Page, ...]) -> dict[str, str]:
    """Give the name under which SurveyJS keeps the answer to each question."""
    return {
        entry.id: f"{part.name}.{entry.id}" if part.is_grid else entry.id
        for page in pages
        for part in page.parts
        for entry in part.entries
    }


def visible_if(test: Test, places: Places) -> str:
    """Write a condition as SurveyJS evaluates it; an unanswered question opens nothing."""
    if isinstance(test, bool):
        return ""
    if isinstance(test, Joined):
        return f" {test.kind} ".join(f"({visible_if(part, places)})" for part in test.parts)
    name = "{" + places[test.question] + "}"
    if isinstance(test, Measured):
        sign = {"==": "=", "!=": "<>"}.get(test.operator, test.operator)
        return f"{name} notempty and {name} {sign} {test.value:g}"
    return " or ".join(f"{name} = '{code}'" for code in test.codes)


def _said(text: Mapping[str, str], languages: list[str]) -> dict[str, str]:
    return {each: text[each] for each in languages if text.get(each)}


def _shown(test: Test, places: Places) -> Model:
    condition = visible_if(test, places)
    return {"visibleIf": condition} if condition else {}


def _page(page: Page, languages: list[str], places: Places) -> Model:
    elements = [each for part in page.parts for each in _part(part, languages, places)]
    text = {"description": _said(page.text, languages)} if page.text else {}
    title = _said(page.title, languages)
    return {
        "name": page.id,
        "title": title,
        **text,
        **_shown(page.when, places),
        "elements": elements,
    }


def _part(part: Part, languages: list[str], places: Places) -> list[Model]:
    if part.is_grid:
        return [_grid(part, languages, places)]
    entry = part.entries[0]
    found = [_question(entry, part, languages, places)]
    if entry.information:
        told = {
            each: _paragraphs(text) for each, text in _said(entry.information, languages).items()
        }
        note = {"type": "html", "name": f"{entry.id}note", "html": told}
        found.insert(0, note | _shown(part.when, places))
    return found


def _paragraphs(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<p>{line.strip()}</p>" for line in escaped.splitlines() if line.strip())


def _grid(part: Part, languages: list[str], places: Places) -> Model:
    first = part.entries[0]
    title = _said(part.lead, languages)
    return {
        "type": "matrix",
        "name": part.name,
        **({"title": title} if title else {"titleLocation": "hidden"}),
        "columns": [_option(choice, languages) for choice in first.choices],
        "rows": [{"value": e.id, "text": _said(e.text, languages)} for e in part.entries],
        "alternateRows": True,
        **({"eachRowRequired": True} if first.required else {}),
        **_shown(part.when, places),
    }


def _option(choice: Choice, languages: list[str]) -> Model:
    return {"value": choice.code, "text": _said(choice.label, languages)}


def _question(entry: Entry, part: Part, languages: list[str], places: Places) -> Model:
    question: Model = {"name": entry.id, "title": _said(entry.text, languages)}
    if lead := _said(part.lead, languages):
        question["description"] = lead
    if entry.required:
        question["isRequired"] = True
    return {**_kind(entry, languages), **question, **_shown(entry.when, places)}


def _kind(entry: Entry, languages: list[str]) -> Model:
    if entry.choices:
        choices = [_option(choice, languages) for choice in entry.choices]
        return {"type": "radiogroup", "choices": choices}
    if entry.question.kind == "number":
        limits = {"min": entry.question.minimum, "max": entry.question.maximum}
        known = {name: limit for name, limit in limits.items() if limit is not None}
        unit = {"placeholder": _said(entry.unit, languages)} if entry.unit else {}
        return {"type": "text", "inputType": "number", "step": 0.5, **known, **unit}
    if entry.question.kind == "code":
        return {"type": "text", "maxLength": CODE_LENGTH, "autocomplete": "off"}
    return {"type": "comment", "maxLength": TEXT_LENGTH, "rows": 5}
