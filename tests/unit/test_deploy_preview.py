import re

import pytest
from small_instrument import small

from driehoek.deploy.preview import write_preview
from driehoek.deploy.preview_checks import reading_length, remarks
from driehoek.instrument.reading import read_instrument
from driehoek.problems import InstrumentError

LONG = "word " * 26
SET = """responses:
  spare:
    options:
      - {code: "1", value: 1, label: {nl: "Een", en: "One"}}
      - {code: "2", value: 2, label: {nl: "Twee", en: "Two"}}
"""
ITEMS = "".join(
    f"""  {name}:
    response: agree3
    text: {{nl: "zin", en: "line"}}
    ask: {{{name}cw: {{role: carer, about: worker}}}}
"""
    for name in ("tru3", "tru4")
)


def found(form, check):
    return [(remark.where, remark.found) for remark in remarks(form) if remark.check == check]


def test_a_sound_instrument_gets_no_remarks(tmp_path):
    assert remarks(small(tmp_path)) == ()


@pytest.mark.parametrize(
    ("check", "changes", "where"),
    [
        ("untranslated", [('en: "Anything else?"', 'en: "Nog iets van u?"'),
                          ('nl: "Nog iets?"', 'nl: "Nog iets van u?"')], "remark"),
        ("unused", [("responses:\n", SET)], "responses spare"),
        ("long", [('en: "Partly"', f'en: "{"x" * 46}"')], "responses agree3, option 2 [en]"),
        ("long", [('en: "How many hours?"', f'en: "{LONG}?"')], "hours [en]"),
        ("negatives", [('nl: "Ik twijfel aan {about}."', 'nl: "Ik vertrouw {about} niet nooit."')],
         "tru2cw [nl]"),
        ("negatives", [('en: "I doubt {about}."', 'en: "I don\'t trust no {about}."')],
         "tru2cw [en]"),
        ("keys", [("background:\n", f"{ITEMS}background:\n"), ('keyed: "-"', 'keyed: "+"'),
                  ("items: [tru1, tru2]", "items: [tru1, tru2, tru3, tru4]")], "scale trust"),
        ("places", [('nl: "Ik doe mee."', 'nl: "Ik doe mee tot [datum]."')], "[nl]"),
    ],
)  # fmt: skip
def test_each_fault_is_remarked_at_its_place(tmp_path, check, changes, where):
    form = small(tmp_path, *changes)
    assert where in [place for place, _ in found(form, check)]


def test_words_are_counted_as_a_role_reads_them(tmp_path):
    length = reading_length(small(tmp_path), "worker", "en")
    # Start I take part Yes No / You and this carer, Is this true, No Partly Yes Don't know,
    # I trust this carer, I doubt this carer / End Anything else
    assert (length.questions, length.words) == (4, 1 + 5 + 1 + 4 + 3 + 5 + 4 + 4 + 1 + 2 - 1)


def test_the_page_shows_each_role_its_questions_in_each_language(tmp_path):
    form = small(tmp_path)
    write_preview(form, tmp_path / "preview.html")
    page = (tmp_path / "preview.html").read_text(encoding="utf-8")
    views = page.split('<section class="view"')[1:]
    shown = [re.findall(r'class="id">(\w+)<', view) for view in views]
    carer = ["consent", "living", "hours", "tru1cw", "tru2cw", "remark"]
    worker = ["consent", "tru1wc", "tru2wc", "remark"]
    assert shown == [carer, carer, worker, worker]
    assert "I trust this worker." in views[1]
    assert "Woont u samen? (living): Nee" in views[0]


def test_the_shipped_instrument_has_no_double_negatives_or_gaps(pytestconfig):
    form = read_instrument(pytestconfig.rootpath / "instruments" / "triad.yaml")
    checks = {remark.check for remark in remarks(form)}
    assert not checks & {"untranslated", "unused", "negatives", "keys"}


def test_a_language_that_the_instrument_lacks_is_refused(tmp_path):
    with pytest.raises(InstrumentError, match="no language 'fr'"):
        write_preview(small(tmp_path), tmp_path / "preview.html", language="fr")
