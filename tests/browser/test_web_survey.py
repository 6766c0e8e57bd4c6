"""The web survey in a real browser: filled in, saved, and ingested."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from small_instrument import small

from driehoek.deploy.npm_packages import surveyjs_folder
from driehoek.deploy.web import write_web
from driehoek.ingest.export import ingest_export
from driehoek.instrument.reading import read_instrument
from driehoek.problems import ProblemsError
from driehoek.study import read_study

KEY = "00112233445566778899aabbccddeeff" * 2
CODES = """\
  triadcode: {kind: code, roles: [carer, worker], text: {nl: Code, en: Code}}
  personcode: {kind: code, roles: [carer, worker], text: {nl: Uw code, en: Your code}}
  who:"""
PAGE = ('"You"}, questions: [who]}', '"You"}, questions: [triadcode, personcode, who]}')
STUDY = """
study: small
title: {nl: klein, en: small}
instrument: small.yaml
seed: 1
waves: [{wave: w1, exports: [{file: raw/w1.json, role: [carer, worker]}]}]
linkage: {triad: triadcode, person: personcode}
pseudonyms: {key: study.key}
"""

# Cells of tables that end to the right of their card.
OUT_OF_SIGHT = """[...document.querySelectorAll('th, td')].filter(cell =>
  cell.getBoundingClientRect().right > cell.closest('.sd-question').getBoundingClientRect().right
).map(cell => cell.innerText)"""

# The rules of WCAG 2.1, levels A and AA, as axe-core tests them.
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def packages():
    """Fetch SurveyJS, or skip where npm or the network is absent."""
    try:
        return surveyjs_folder()
    except ProblemsError as fault:
        pytest.skip(str(fault))


@pytest.fixture
def form(tmp_path, packages):  # noqa: ARG001 - skips where they cannot be had
    return small(tmp_path, ("  who:", CODES), PAGE)


class Survey:
    """A page under the hands of a respondent; gathers what goes wrong."""

    def __init__(self, browser, path, size=(1280, 900)) -> None:
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        self.path = path
        self.faults, self.requests = [], []
        self.open()

    def open(self):
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(self.path.as_uri())
        self.page.wait_for_selector("#survey .sd-page")

    def choose(self, question, label):
        self.page.locator(f'[data-name="{question}"]').get_by_text(label, exact=True).click()

    def row(self, question, label):
        """Choose in a table by the name that a screen reader reads out."""
        row = self.page.locator(f'input[name$="_{question}"]')
        row.locator(f'xpath=self::*[contains(@aria-label, "{label}")]').check(force=True)

    def fill(self, question, text):
        box = self.page.locator(f'[data-name="{question}"] :is(input, textarea)')
        box.fill(text)
        box.blur()

    def next(self):
        self.page.locator("#sv-nav-next input, .sd-navigation__next-btn").first.click()

    def finish(self):
        self.page.locator(".sd-navigation__complete-btn").click()
        self.page.wait_for_selector("#done:visible")

    def saved(self, folder):
        with self.page.expect_download() as waiting:
            self.page.locator("#save").click()
        folder.mkdir(exist_ok=True)
        waiting.value.save_as(folder / "w1.json")
        return json.loads((folder / "w1.json").read_text(encoding="utf-8"))

    def start(self, person="A1", role="Carer"):
        """Go through the first two pages in English."""
        self.page.get_by_role("button", name="English").click()
        self.choose("consent", "Yes")
        self.next()
        self.fill("triadcode", "007")
        self.fill("personcode", person)
        self.choose("who", role)
        self.next()


def carer(survey):
    survey.start()
    survey.choose("living", "No")
    survey.fill("hours", "12.5")
    survey.next()
    survey.row("tru1cw", "Yes")
    survey.row("tru2cw", "Don't know")
    survey.next()
    survey.fill("remark", "Thank you <b>")
    survey.finish()


def test_saved_answers_are_ingested_as_given(form, browser, tmp_path):
    write_web(form, tmp_path / "web.html")
    survey = Survey(browser, tmp_path / "web.html")
    carer(survey)
    record = survey.saved(tmp_path / "raw")
    assert survey.faults == []
    assert [url for url in survey.requests if not url.startswith(("file:", "blob:"))] == []
    assert record["answers"] == {
        "consent": "1", "triadcode": "007", "personcode": "A1", "who": "1", "living": "n",
        "hours": 12.5, "tru1cw": "3", "tru2cw": "9", "tru1wc": None, "tru2wc": None,
        "remark": "Thank you <b>",
    }  # fmt: skip
    (tmp_path / "study.key").write_text(KEY + "\n", encoding="utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, encoding="utf-8")
    study = read_study(tmp_path / "study.yaml")
    found = ingest_export(study, "w1", next(iter(study.exports("w1"))))
    assert list(found.responses["role"]) == ["carer"]
    values = found.responses[["living", "hours", "tru1cw", "tru2cw"]].to_numpy()
    np.testing.assert_array_equal(values, [[0, 12.5, 3, np.nan]])
    assert found.missing["tru2cw"][0] == "dont_know"
    assert found.missing["tru1wc"][0] == "not_shown"
    assert found.paradata["language"][0] == "en"
    assert found.paradata["submitted"][0][:10] == record["submitted"][:10]


def test_pages_follow_role_route_and_consent(form, browser, tmp_path):
    write_web(form, tmp_path / "web.html")
    survey = Survey(browser, tmp_path / "web.html")
    survey.start(role="Worker")
    assert survey.page.locator('[data-name="living"]').count() == 0
    assert "I trust this carer." in survey.page.content()
    stopped = Survey(browser, tmp_path / "web.html")
    stopped.page.get_by_role("button", name="English").click()
    stopped.choose("consent", "No")
    stopped.finish()
    answers = stopped.saved(tmp_path / "raw")["answers"]
    assert {name: answer for name, answer in answers.items() if answer} == {"consent": "2"}
    routed = Survey(browser, tmp_path / "web.html")
    routed.start()
    assert not routed.page.locator('[data-name="hours"]').is_visible()
    routed.choose("living", "No")
    routed.page.wait_for_selector('[data-name="hours"]')


def test_required_questions_hold_the_page(form, browser, tmp_path):
    write_web(form, tmp_path / "web.html", role="worker")
    survey = Survey(browser, tmp_path / "web.html")
    survey.page.locator(".sd-navigation__complete-btn, .sd-navigation__next-btn").first.click()
    survey.page.wait_for_selector(".sd-question__erbox")
    assert survey.page.locator('[data-name="consent"]').is_visible()


def test_the_keyboard_is_enough(form, browser, tmp_path):
    write_web(form, tmp_path / "web.html", language="en")
    survey = Survey(browser, tmp_path / "web.html")
    keyboard = survey.page.keyboard

    def go_to(test):
        for _ in range(40):
            keyboard.press("Tab")
            if survey.page.evaluate(f"document.activeElement.{test}"):
                return
        pytest.fail(f"no Tab leads to {test}")

    go_to("type === 'radio'")
    keyboard.press("Space")
    assert survey.page.get_by_role("radio", name="Yes").is_checked()
    go_to("closest('.sd-navigation__next-btn')")
    keyboard.press("Enter")
    survey.page.wait_for_selector('[data-name="triadcode"]')
    go_to("type === 'text'")
    keyboard.type("007")
    assert survey.page.get_by_role("textbox", name="Code", exact=True).input_value() == "007"


def test_the_language_changes_every_text_and_the_page_itself(form, browser, tmp_path):
    write_web(form, tmp_path / "web.html")
    survey = Survey(browser, tmp_path / "web.html")
    said = []
    for name in ("Nederlands", "English", "Nederlands"):
        button = survey.page.get_by_role("button", name=name)
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        said.append((survey.page.locator("html").get_attribute("lang"), survey.page.title()))
    assert said == [("nl", "Klein"), ("en", "Small"), ("nl", "Klein")]
    assert "Ik doe mee." in survey.page.locator('[data-name="consent"]').inner_text()


def test_answers_stay_on_the_device_until_that_is_turned_off(form, browser, tmp_path):
    write_web(form, tmp_path / "web.html")
    survey = Survey(browser, tmp_path / "web.html")
    survey.start()
    survey.choose("living", "No")
    survey.open()
    assert "earlier answers" in survey.page.locator("#resumed").inner_text()
    assert survey.page.locator('[data-name="hours"]').is_visible()
    survey.page.locator("#keep").uncheck()
    survey.open()
    assert survey.page.locator('[data-name="living"]').count() == 0
    write_web(form, tmp_path / "off.html", autosave=False)
    off = Survey(browser, tmp_path / "off.html")
    off.choose("consent", "Ja")
    assert not off.page.locator("#keep").is_visible()
    assert off.page.evaluate("localStorage.length") == 0


class _Receiver(BaseHTTPRequestHandler):
    posted: list = []  # noqa: RUF012 - one server a test

    def do_OPTIONS(self):
        self.answer()

    def do_POST(self):
        self.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.answer()

    def answer(self):
        self.send_response(200)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "content-type")
        self.end_headers()

    def log_message(self, *_):
        pass


def test_answers_are_posted_where_the_export_said(form, browser, tmp_path):
    _Receiver.posted.clear()
    server = HTTPServer(("127.0.0.1", 0), _Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/answers"
        write_web(form, tmp_path / "web.html", post_to=address)
        survey = Survey(browser, tmp_path / "web.html")
        carer(survey)
        expect(survey.page.locator("#done-text")).to_contain_text("have been sent")
    finally:
        server.shutdown()
        server.server_close()
    assert [record["answers"]["tru1cw"] for record in _Receiver.posted] == ["3"]
    assert not survey.page.locator("#save").is_visible()


def test_where_sending_fails_the_answers_can_be_saved(form, browser, tmp_path):
    write_web(form, tmp_path / "web.html", post_to="http://127.0.0.1:9/closed")
    survey = Survey(browser, tmp_path / "web.html")
    carer(survey)
    survey.page.wait_for_selector("#save:visible")
    assert survey.saved(tmp_path / "raw")["answers"]["tru1cw"] == "3"


def barriers(page):
    found = Axe().run(page, options=WCAG).response
    assert found["passes"]
    return [(each["id"], each["nodes"][0]["target"]) for each in found["violations"]]


@pytest.mark.usefixtures("packages")
@pytest.mark.parametrize("size", [(1280, 900), (820, 1180), (360, 740)])
def test_the_triad_survey_fits_the_screen_and_breaks_nothing(browser, pytestconfig, size, tmp_path):
    triad = read_instrument(pytestconfig.rootpath / "instruments" / "triad.yaml")
    write_web(triad, tmp_path / "web.html", role="carer", language="en")
    survey = Survey(browser, tmp_path / "web.html", size)
    model = "JSON.parse(document.getElementById('settings').textContent).model"
    assert survey.page.evaluate(f"new Survey.Model({model}).jsonErrors || []") == []
    survey.choose("consent", "Yes")
    for page in range(12):
        for code in ("triadcode", "personcode"):
            if survey.page.locator(f'[data-name="{code}"]').count():
                survey.fill(code, "A1")
        overflow = survey.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, page
        assert survey.page.evaluate(OUT_OF_SIGHT) == [], page
        assert barriers(survey.page) == [], page
        survey.next()
    assert survey.faults == []
