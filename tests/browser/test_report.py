"""The report in a real browser: it loads nothing, breaks nothing and fits a phone."""

import base64
import csv
import gzip
import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from reporting_example import make_report

PAPER_PIXELS = 718  # what an A4 page holds between margins of 1 cm, at 96 pixels an inch
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}

# The rules of WCAG 2.2, levels A and AA, as axe-core tests them.
WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Write the reports of the small study."""
    return make_report(tmp_path_factory.mktemp("study é 1"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_report_opens_without_requests_or_errors_and_fits(
    reports, browser, language, size, tmp_path
):
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height})
    errors, requests = [], []
    page.on("console", lambda message: errors.append(message.text))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(reports[language].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.screenshot(path=tmp_path / f"{language}-{size}.png", full_page=True)
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    unseen = page.evaluate(
        "[...document.images].filter(i => !i.alt || !i.complete || !i.naturalWidth).length"
    )
    n_images = page.evaluate("document.images.length")
    page.close()
    assert errors == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert overflow <= 0
    assert n_images >= 5
    assert unseen == 0


def test_every_link_inside_the_page_has_its_target(reports, browser):
    page = browser.new_page()
    page.goto(reports["en"].as_uri())
    dead = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href'))"
        ".filter(h => !document.querySelector(h))"
    )
    twice = page.evaluate(
        "[...document.querySelectorAll('[id]')].map(e => e.id)"
        ".filter((id, i, all) => all.indexOf(id) !== i)"
    )
    page.close()
    assert dead == []
    assert twice == []


def test_every_table_names_its_columns_and_rows(reports, browser):
    page = browser.new_page()
    page.goto(reports["en"].as_uri())
    unscoped = page.evaluate("document.querySelectorAll('th:not([scope])').length")
    tables = page.evaluate("document.querySelectorAll('table').length")
    page.close()
    assert tables > 10
    assert unscoped == 0


@pytest.mark.parametrize(("kind", "language"), [("report", "nl"), ("sheet", "nl"), ("sheet", "en")])
def test_axe_finds_nothing_that_shuts_a_reader_out(reports, browser, kind, language):
    page = browser.new_page()
    page.goto(reports[language].with_name(f"{kind}.{language}.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page, options=WCAG).response
    page.close()
    assert [(each["id"], len(each["nodes"])) for each in found["violations"]] == []
    assert len(found["passes"]) > 10


def test_a_sum_shows_each_of_its_rows(reports, browser):
    page = browser.new_page()
    page.goto(reports["en"].as_uri())
    number = page.locator('p a.number[title^="sum(flow/"]').first
    number.click()
    page.wait_for_selector("#behind[open] dl dd")
    shown = [int(float(each)) for each in page.locator("#behind dd").all_inner_texts()[1:]]
    total = int(number.inner_text().replace(",", ""))
    page.close()
    assert len(shown) > 2
    assert sum(shown) == total


def test_a_number_shows_its_row_and_leads_to_its_source(reports, browser):
    page = browser.new_page()
    page.goto(reports["en"].as_uri())
    number = page.locator("td a.number:visible").first
    name = number.get_attribute("title")
    number.click()
    page.wait_for_selector("#behind[open] dl dd")
    shown = page.inner_text("#behind dl")
    page.click("#behind-source")
    source = page.evaluate("document.querySelector(location.hash).textContent")
    page.close()
    assert name in shown
    assert "estimate" in shown
    assert f"statistics/{name.split('/')[0]}.csv" in source


def test_the_statistics_inside_the_page_are_those_on_file(reports, browser):
    page = browser.new_page()
    page.goto(reports["en"].as_uri())
    packed = page.get_attribute("#all-statistics", "href").split(",", 1)[1]
    page.close()
    inside = gzip.decompress(base64.b64decode(packed)).decode("utf-8")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(inside))}
    path = reports["en"].parent / "statistics" / "models.csv"
    with path.open(encoding="utf-8", newline="") as file:
        on_file = list(csv.DictReader(file))
    assert on_file
    assert all(rows[row["id"]] == row for row in on_file)


def test_the_search_finds_what_lies_folded_and_unfolds_it(reports, browser):
    page = browser.new_page()
    page.goto(reports["nl"].as_uri())
    page.fill("#sought", "vertrouwen hulpvrager")
    said, n_shown = page.inner_text("#hits"), page.locator("#found li").count()
    folded = page.evaluate(
        "[...document.querySelectorAll('#found a')].map(a => a.getAttribute('href'))"
        ".find(h => document.querySelector(h).closest('details:not([open])'))"
    )
    was_seen = page.locator(folded).is_visible()
    page.click(f'#found a[href="{folded}"]')
    is_seen = page.locator(folded).is_visible()
    page.fill("#sought", "nergens-in-dit-verslag")
    none, n_none = page.inner_text("#hits"), page.locator("#found li").count()
    page.close()
    assert n_shown > 5
    assert str(n_shown) in said or n_shown == 40  # the list stops there
    assert (was_seen, is_seen) == (False, True)
    assert (none, n_none) == ("Niets gevonden", 0)


def test_on_paper_everything_is_unfolded_and_no_table_is_cut(reports, browser, tmp_path):
    page = browser.new_page(viewport={"width": PAPER_PIXELS, "height": 1000})
    page.goto(reports["nl"].as_uri())
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    folded = page.evaluate("document.querySelectorAll('details:not([open])').length")
    tools = page.evaluate(
        "[...document.querySelectorAll('nav, .skip, .forms, dialog')]"
        ".filter(e => getComputedStyle(e).display !== 'none').length"
    )
    cut = page.evaluate(
        "[...document.querySelectorAll('table, figure img')]"
        ".filter(e => e.getBoundingClientRect().right > window.innerWidth + 1)"
        ".map(e => e.tagName + ' ' + e.closest('.table, figure').innerText.slice(0, 60))"
    )
    page.pdf(path=tmp_path / "printed.pdf", format="A4")
    page.close()
    assert folded == 0
    assert tools == 0
    assert cut == []
    assert (tmp_path / "printed.pdf").stat().st_size > 50_000
