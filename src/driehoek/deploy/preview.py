"""What people will see of a questionnaire, and a checklist of what is wrong with it."""

from pathlib import Path
from typing import Any

from driehoek.deploy.checks import refuse, request_faults
from driehoek.deploy.layout import Entry, Page, Part, languages_of, lay_out
from driehoek.deploy.preview_checks import CHECKS, Remark, reading_length, remarks
from driehoek.deploy.rendering import render, words
from driehoek.deploy.spoken import spoken
from driehoek.files import write_text
from driehoek.instrument.questions import Questionnaire

Plain = dict[str, Any]


def write_preview(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
) -> tuple[str, ...]:
    """Write a page with the checklist and the view of each role in each language.

    Parameters
    ----------
    questionnaire : Questionnaire
    path : pathlib.Path
    role, language : str, optional
        One of those of the instrument; otherwise all.

    Returns
    -------
    tuple of str
        How many remarks there are.

    Raises
    ------
    InstrumentError
        If the role or language is not of the instrument.
    """
    refuse(questionnaire, "preview", request_faults(questionnaire, role, language))
    found = remarks(questionnaire)
    write_text(path, render("preview.html", **_document(questionnaire, found, role, language)))
    return (f"{len(found)} remarks; they stand at the top of the page.",)


def _document(
    form: Questionnaire, found: tuple[Remark, ...], role: str | None, language: str | None
) -> Plain:
    instrument = form.instrument
    languages = languages_of(form, language)
    say = words(languages[0])
    roles = [role] if role else list(instrument.roles)
    lengths = [reading_length(form, each, lang) for each in roles for lang in languages]
    return {
        "language": languages[0],
        "words": say,
        "title": instrument.title[languages[0]],
        "checklist": [
            {
                "name": say[f"preview_{check}"],
                "remarks": [remark for remark in found if remark.check == check],
            }
            for check in CHECKS
        ],
        "lengths": [
            {
                "role": instrument.roles[each.role].label[languages[0]],
                "language": each.language,
                "questions": each.questions,
                "words": each.words,
                "minutes": f"{each.minutes:.0f}",
            }
            for each in lengths
        ],
        "views": [_view(form, each, lang) for each in roles for lang in languages],
    }


def _view(form: Questionnaire, role: str, language: str) -> Plain:
    label = form.instrument.roles[role].label[language]
    return {
        "language": language,
        "heading": words(language)["preview_of"].format(role=label, language=language),
        "title": form.instrument.title[language],
        "pages": [_page(form, page, language) for page in lay_out(form, role=role)],
    }


def _page(form: Questionnaire, page: Page, language: str) -> Plain:
    return {
        "title": page.title[language],
        "text": page.text.get(language, ""),
        "when": spoken(form, page.when, language),
        "parts": [_part(form, part, language) for part in page.parts],
    }


def _part(form: Questionnaire, part: Part, language: str) -> Plain:
    first = part.entries[0]
    return {
        "is_grid": part.is_grid,
        "lead": part.lead.get(language, ""),
        "information": first.information.get(language, ""),
        "kind": first.question.kind,
        "unit": first.unit.get(language, ""),
        "options": [choice.label[language] for choice in first.choices],
        "rows": [_row(form, entry, language) for entry in part.entries],
    }


def _row(form: Questionnaire, entry: Entry, language: str) -> Plain:
    condition = spoken(form, entry.when, language)
    said = entry.text.get(language, "") or words(language)["no_text"]
    return {"id": entry.id, "text": said, "when": condition, "required": entry.required}
