import json
import subprocess

import pytest
from small_instrument import small

from driehoek.deploy import npm_packages
from driehoek.deploy.conditions import Chosen, Joined, Measured
from driehoek.deploy.layout import lay_out
from driehoek.deploy.npm_packages import surveyjs_folder, user_cache
from driehoek.deploy.web import write_web
from driehoek.deploy.web_model import survey_model, visible_if
from driehoek.instrument.reading import read_instrument
from driehoek.problems import InstrumentError, ProblemsError

PLACES = {"living": "living", "hours": "hours", "tru1cw": "cw2.tru1cw"}


@pytest.fixture(scope="module")
def triad(pytestconfig):
    return read_instrument(pytestconfig.rootpath / "instruments" / "triad.yaml")


def elements(model):
    return [element for page in model["pages"] for element in page["elements"]]


def test_the_model_holds_every_question_with_its_codes_and_languages(triad):
    model = survey_model(triad, lay_out(triad), ["nl", "en"])
    found = {}
    for element in elements(model):
        options = [choice["value"] for choice in element.get("choices", element.get("columns", []))]
        if element["type"] == "matrix":
            found |= {row["value"]: (row["text"], options) for row in element["rows"]}
        elif element["type"] != "html":
            found[element["name"]] = (element["title"], options)
    expected = {
        qid: ({lang: text.strip() for lang, text in q.text.items()}, [o.code for o in q.options])
        for qid, q in triad.questions.items()
    }
    assert found == expected


def test_pages_are_shown_after_consent_to_their_roles(tmp_path):
    form = small(tmp_path)
    model = survey_model(form, lay_out(form), ["en"])
    shown = {page["name"]: page.get("visibleIf", "") for page in model["pages"]}
    assert shown["start"] == ""
    assert shown["who1"] == "{consent} = '1'"
    assert shown["home"] == "({consent} = '1') and ({who} = '1')"


@pytest.mark.parametrize(
    ("test", "text"),
    [
        (True, ""),
        (Chosen("living", ("y", "n")), "{living} = 'y' or {living} = 'n'"),
        (Chosen("tru1cw", ("3",)), "{cw2.tru1cw} = '3'"),
        (Measured("hours", "<=", 2.5), "{hours} notempty and {hours} <= 2.5"),
        (Joined("or", (Chosen("living", ("y",)), Measured("hours", "!=", 3))),
         "({living} = 'y') or ({hours} notempty and {hours} <> 3)"),
    ],
)  # fmt: skip
def test_a_condition_reads_as_surveyjs_evaluates_it(test, text):
    assert visible_if(test, PLACES) == text


def test_texts_become_no_markup_in_the_page(tmp_path):
    folder = pages_of_packages(tmp_path)
    form = small(tmp_path, ('nl: "Nog iets?"', 'nl: "</script><b>x"'))
    write_web(form, tmp_path / "web.html", cache=folder)
    page = (tmp_path / "web.html").read_text(encoding="utf-8")
    assert "\\u003c/script>\\u003cb>x" in page
    assert "</script><b>x" not in page
    data = page.split('id="settings">')[1].split("</script>")[0]
    assert json.loads(data)["languages"] == ["nl", "en"]


def pages_of_packages(folder):
    """Put empty files in place of the packages, under the name that the lock file has."""
    cache = folder / "cache"
    names = ["survey.core.min.js", "survey-core.fontless.min.css", "i18n/dutch.min.js"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(npm_packages, "_fetch", lambda _, kept: kept.mkdir())
        packages = surveyjs_folder(cache)
    for name in [*(f"survey-core/{each}" for each in names), "survey-js-ui/survey-js-ui.min.js"]:
        path = packages / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")
    return cache


def test_without_npm_the_message_says_what_is_needed(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProblemsError, match=r"npm is not installed.*Node\.js 18"):
        write_web(small(tmp_path), tmp_path / "web.html", cache=tmp_path / "cache")
    assert not (tmp_path / "web.html").exists()


def test_what_npm_cannot_fetch_is_said_and_not_kept(tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "npm"
    program.write_text("#!/bin/sh\necho 'no network here' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    try:
        subprocess.run([str(program)], check=False, capture_output=True)
    except OSError:
        pytest.skip("this system runs no shell scripts")
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    with pytest.raises(ProblemsError, match="could not fetch SurveyJS: no network here"):
        surveyjs_folder(tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_lock_file_pins_both_packages_and_names_no_registry(pytestconfig):
    folder = pytestconfig.rootpath / "src" / "driehoek" / "deploy" / "templates" / "web"
    locked = (folder / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(locked)["packages"]
    versions = {name.removeprefix("node_modules/"): p["version"] for name, p in packages.items()}
    assert versions["survey-core"] == versions["survey-js-ui"] == "2.5.38"
    assert all("integrity" in p for name, p in packages.items() if name)
    assert "resolved" not in locked
    assert "http" not in locked


@pytest.mark.parametrize("address", ["http://example.org/in", "ftp://x", "https://", "example.org"])
def test_answers_are_sent_over_https_only(tmp_path, address):
    with pytest.raises(InstrumentError, match="https://"):
        write_web(small(tmp_path), tmp_path / "web.html", post_to=address, cache=tmp_path)


def test_the_cache_lies_where_the_system_keeps_such_files(monkeypatch, tmp_path):
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache() == tmp_path / "driehoek"
