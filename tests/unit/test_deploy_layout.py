"""An instrument laid out in pages, grids and conditions."""

from pathlib import Path

import pytest
from small_instrument import small

from driehoek.deploy.conditions import Chosen, Joined, Measured, in_codes, joined
from driehoek.deploy.layout import lay_out
from driehoek.instrument.reading import read_instrument
from driehoek.instrument.routing import parse_condition

TRIAD = read_instrument(Path(__file__).parents[2] / "instruments" / "triad.yaml")
CONSENT = Chosen("consent", ("1",))


def parts(pages):
    return {part.name: part for page in pages for part in page.parts}


def test_every_question_of_the_triad_stands_on_exactly_one_page():
    placed = [entry.id for page in lay_out(TRIAD) for entry in page.entries]
    assert sorted(placed) == sorted(TRIAD.questions)


@pytest.mark.parametrize("role", ["seeker", "carer", "professional"])
def test_a_questionnaire_of_one_role_holds_its_questions_and_does_not_ask_the_role(role):
    placed = {entry.id for page in lay_out(TRIAD, role=role) for entry in page.entries}
    asked = {qid for qid, q in TRIAD.questions.items() if role in q.roles}
    assert placed == asked - {"respondent"}


def test_items_with_one_response_set_on_a_page_form_a_grid():
    grid = parts(lay_out(TRIAD))["sc1"]
    assert grid.is_grid
    assert [entry.id for entry in grid.entries][:2] == ["giv1sc", "giv2sc"]
    assert grid.lead["nl"] == "Klopt deze zin voor u?"


def test_a_scale_of_eleven_points_is_asked_question_by_question():
    assert not parts(lay_out(TRIAD))["glb3sc"].is_grid


def test_the_attention_check_is_hidden_among_the_rows_of_its_grid():
    grid = next(p for p in parts(lay_out(TRIAD)).values() if "iri1c" in [e.id for e in p.entries])
    assert len(grid.entries) == 21


def test_items_that_are_routed_apart_form_no_grid(tmp_path):
    route = ("  - {show: [hours]", '  - {show: [tru2cw], when: "living == 1"}\n  - {show: [hours]')
    found = parts(lay_out(small(tmp_path, route)))
    assert {"tru1cw", "tru2cw", "wc"} <= set(found)
    assert found["tru2cw"].when == Chosen("living", ("y",))


def test_no_grid_has_the_name_of_a_question(tmp_path):
    form = small(tmp_path, ("  remark:\n", "  cw:\n"), ("[remark]", "[cw]"))
    grids = [part for part in parts(lay_out(form)).values() if part.is_grid]
    assert [grid.name for grid in grids] == ["cw2", "wc"]


def test_names_are_filled_in_for_the_reader(tmp_path):
    pages = {page.id: page for page in lay_out(small(tmp_path))}
    assert pages["cw"].title == {"nl": "U en deze werker", "en": "You and this worker"}
    assert pages["wc"].entries[0].text["en"] == "I trust this carer."


def test_a_page_is_shown_after_consent_to_its_roles(tmp_path):
    pages = {page.id: page for page in lay_out(small(tmp_path))}
    assert pages["start"].when is True
    assert pages["who1"].when == CONSENT
    assert pages["cw"].when == Joined("and", (CONSENT, Chosen("who", ("1",))))


def test_a_known_role_is_not_tested(tmp_path):
    pages = {page.id: page for page in lay_out(small(tmp_path), role="carer")}
    assert pages["cw"].when == CONSENT
    assert "wc" not in pages


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("living == 0", Chosen("living", ("n",))),
        ("living != 0", Chosen("living", ("y",))),
        ("living <= 1", Chosen("living", ("y", "n"))),
        ("living in [0, 1]", Chosen("living", ("y", "n"))),
        ("living > 1", False),
        ("hours > 8", Measured("hours", ">", 8.0)),
        ("hours in [1, 2]", Joined("or", (Measured("hours", "==", 1), Measured("hours", "==", 2)))),
        ("role == worker", Chosen("who", ("2",))),
        ("role != worker", Chosen("who", ("1",))),
        ("role in [carer, worker]", True),
        (
            "role == carer and living == 1",
            Joined("and", (Chosen("who", ("1",)), Chosen("living", ("y",)))),
        ),
        (
            "role == carer or role != carer",
            Joined("or", (Chosen("who", ("1",)), Chosen("who", ("2",)))),
        ),
    ],
)
def test_conditions_on_values_become_conditions_on_codes(tmp_path, condition, expected):
    assert in_codes(small(tmp_path), parse_condition(condition), None) == expected


@pytest.mark.parametrize(
    ("condition", "role", "expected"),
    [
        ("role == carer", "carer", True),
        ("role == carer", "worker", False),
        ("living == 1 or role == carer", "worker", False),
        ("living == 1 and role == carer", "carer", Chosen("living", ("y",))),
    ],
)
def test_conditions_on_a_known_role_are_settled(tmp_path, condition, role, expected):
    assert in_codes(small(tmp_path), parse_condition(condition), role) == expected


def test_a_dont_know_opens_no_route(tmp_path):
    test = in_codes(small(tmp_path), parse_condition("tru1cw != 1"), None)
    assert test == Chosen("tru1cw", ("2", "3"))


def test_tests_that_hold_for_everyone_fall_away():
    assert joined("and", [True, CONSENT, True]) == CONSENT
    assert joined("and", [CONSENT, False]) is False
    assert joined("or", [CONSENT, True]) is True
    assert joined("or", [False]) is False
    assert joined("and", [joined("and", [CONSENT, Chosen("a", ("1",))]), CONSENT]) == Joined(
        "and", (CONSENT, Chosen("a", ("1",)))
    )
