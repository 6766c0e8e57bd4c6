"""A questionnaire as one page for browsers, with nothing to fetch."""

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from driehoek.deploy.checks import refuse, require_deployable
from driehoek.deploy.layout import languages_of
from driehoek.deploy.npm_packages import FOLDER, surveyjs_folder
from driehoek.deploy.rendering import PACKAGE, render, words
from driehoek.deploy.text_faults import Fault
from driehoek.deploy.web_model import survey_model
from driehoek.deploy.wording import open_places
from driehoek.files import write_text
from driehoek.instrument.questions import Questionnaire

SCRIPTS = ("survey-core/survey.core.min.js", "survey-js-ui/survey-js-ui.min.js")
TRANSLATIONS = {"nl": "dutch", "de": "german", "fr": "french", "es": "spanish", "tr": "turkish"}
STYLE = "survey-core/survey-core.fontless.min.css"
SAID = ("keep", "done", "save", "button", "sending", "sent", "not_sent", "resumed", "name")


def write_web(
    questionnaire: Questionnaire,
    path: Path,
    *,
    role: str | None = None,
    language: str | None = None,
    post_to: str = "",
    autosave: bool = True,
    cache: Path | None = None,
) -> tuple[str, ...]:
    """Write the questionnaire as one HTML file that loads nothing from anywhere.

    Parameters
    ----------
    questionnaire : Questionnaire
    path : pathlib.Path
    role : str, optional
        One role; otherwise all, routed by the question that asks for it.
    language : str, optional
        One language; otherwise all, with a switch.
    post_to : str
        Address (https) to which answers are sent as JSON; empty to keep them on the device.
    autosave : bool
        Whether answers may be kept on the device until the end; people can turn that off.
    cache : pathlib.Path, optional
        Where SurveyJS is kept once fetched.

    Raises
    ------
    InstrumentError
        If a text is absent, or routing cannot be expressed, or the address is no https one.
    ProblemsError
        If npm is needed and not there.
    """
    pages = require_deployable(questionnaire, "web", role=role, language=language)
    refuse(questionnaire, "web", _address_faults(post_to))
    languages = languages_of(questionnaire, language)
    instrument = questionnaire.instrument
    settings = {
        "model": survey_model(questionnaire, pages, languages),
        "instrument": instrument.id,
        "version": instrument.version,
        "role": role or "",
        "languages": languages,
        "titles": {each: instrument.title[each] for each in languages},
        "words": {e: {w: words(e)[f"web_{w}"] for w in SAID} for e in languages},
        "postTo": post_to,
        "autosave": autosave,
    }
    write_text(path, _page(settings, surveyjs_folder(cache), languages, post_to))
    return open_places(pages, languages)


def _address_faults(post_to: str) -> list[Fault]:
    parts = urlsplit(post_to)
    is_local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
    if not post_to or (parts.scheme == "https" and parts.hostname) or is_local:
        return []
    found = f"answers would be sent to {post_to!r}"
    return [Fault("post_to", found, "an address that starts with https://", "correct it")]


def _page(settings: dict[str, Any], packages: Path, languages: list[str], post_to: str) -> str:
    own = files(PACKAGE) / FOLDER
    translated = [TRANSLATIONS[each] for each in languages if each in TRANSLATIONS]
    sources = [SCRIPTS[0], *(f"survey-core/i18n/{name}.min.js" for name in translated), SCRIPTS[1]]
    scripts = [(packages / name).read_text(encoding="utf-8") for name in sources]
    scripts.append((own / "survey.js").read_text(encoding="utf-8"))
    # What ends a script element must not stand inside one.
    scripts = [each.replace("</script", "<\\/script") for each in scripts]
    styles = [
        (packages / STYLE).read_text(encoding="utf-8"),
        (own / "survey.css").read_text(encoding="utf-8"),
    ]
    data = json.dumps(settings, ensure_ascii=False).replace("<", "\\u003c")
    return render(
        "web/page.html",
        language=languages[0],
        title=settings["titles"][languages[0]],
        words=words(languages[0]),
        policy=_policy(scripts, styles, post_to),
        styles=[Markup(each) for each in styles],  # noqa: S704 - our own and SurveyJS's
        scripts=[Markup(each) for each in scripts],  # noqa: S704 - our own and SurveyJS's
        data=Markup(data),  # noqa: S704 - JSON whose < are escaped
        licences=(own / "LICENSES.txt").read_text(encoding="utf-8"),
    )


def _policy(scripts: list[str], styles: list[str], post_to: str) -> str:
    """Allow the page's own scripts and styles, and no request but the one asked for."""
    parts = urlsplit(post_to)
    connect = f"{parts.scheme}://{parts.netloc}" if post_to else "'none'"
    script, style = (" ".join(map(_fingerprint, each)) for each in (scripts, styles))
    return (
        f"default-src 'none'; script-src {script}; style-src-elem {style}; "
        f"style-src-attr 'unsafe-inline'; img-src data:; "
        f"connect-src {connect}; base-uri 'none'; form-action 'none'"
    )


def _fingerprint(source: str) -> str:
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    return f"'sha256-{digest}'"
