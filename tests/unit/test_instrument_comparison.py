"""Two versions of an instrument: what changed, and whether scores stay comparable."""

from pathlib import Path

import pytest
from small_instrument import small

from driehoek.instrument.comparison import compare, verdicts
from driehoek.instrument.reading import read_instrument

TRIAD = Path(__file__).parents[2] / "instruments" / "triad.yaml"
TRU3 = """\
  tru3:
    response: agree3
    text: {nl: "Ik reken op {about}.", en: "I count on {about}."}
    ask:
      tru3cw: {role: carer, about: worker}
background:
"""


@pytest.fixture
def differences(tmp_path):
    """Compare the small instrument with itself, parts of its text exchanged."""

    def change(*changes, before=()):
        old = small(tmp_path, *before, name="old.yaml")
        return compare(old, small(tmp_path, *changes, name="new.yaml"))

    return change


def told(found):
    return [(each.kind, each.subject, each.scale, each.scores) for each in found]


def test_a_version_does_not_differ_from_itself():
    triad = read_instrument(TRIAD)
    assert compare(triad, triad) == []


def test_a_new_version_number_alone_changes_nothing(differences):
    assert differences(("version: 1.0.0", "version: 1.0.1")) == []


def test_a_reworded_item_is_told_for_each_of_its_questions_in_the_language(differences):
    found = differences(("I trust {about}.", "I rely on {about}."))
    assert told(found) == [
        ("reworded", "tru1cw", "trust", "untested"),
        ("reworded", "tru1wc", "trust", "untested"),
    ]
    assert {each.language for each in found} == {"en"}
    assert (found[0].old, found[0].new) == ("I trust this worker.", "I rely on this worker.")
    assert "invariance" in found[0].reason


def test_punctuation_leaves_scores_the_same(differences):
    found = differences(("I trust {about}.", "I trust {about}"))
    assert {each.scores for each in found} == {"same"}


def test_a_reworded_background_question_touches_no_score(differences):
    assert told(differences(("How many hours?", "How many hours a week?"))) == [
        ("reworded", "hours", "", "same")
    ]


def test_changed_codes_with_the_same_values_leave_scores_the_same(differences):
    found = differences(('code: "9"', 'code: "99"'))
    assert {(each.kind, each.old, each.new, each.scores) for each in found} == {
        ("recoded", "9", "99", "same")
    }


def test_another_value_makes_scores_different(differences):
    found = differences(("value: 3,", "value: 4,"))
    assert {(each.kind, each.old, each.new, each.scores) for each in found} == {
        ("recoded", "3", "4", "different")
    }


def test_values_that_are_turned_round_make_scores_different(differences):
    found = differences(
        ('value: 1, label: {nl: "Nee", en: "No"}', 'value: 3, label: {nl: "Nee", en: "No"}'),
        ('value: 3, label: {nl: "Ja", en: "Yes"}', 'value: 1, label: {nl: "Ja", en: "Yes"}'),
    )
    assert len(found) == 4
    assert {(each.kind, each.scores) for each in found} == {("recoded", "different")}


def test_another_label_is_untested(differences):
    found = differences(('en: "Partly"', 'en: "A little"'))
    assert {(each.kind, each.old, each.new, each.scores) for each in found} == {
        ("reworded", "Partly", "A little", "untested")
    }


def test_a_dont_know_taken_away_is_untested(differences):
    line = '      - {code: "9", missing: dont_know, label: {nl: "Weet niet", en: "Don\'t know"}}\n'
    found = differences((line, ""))
    assert {(each.kind, each.scores) for each in found} == {("recoded", "untested")}


def test_a_turned_key_makes_scores_different(differences):
    assert told(differences(('    keyed: "-"\n', ""))) == [
        ("rekeyed", "tru2cw", "trust", "different"),
        ("rekeyed", "tru2wc", "trust", "different"),
    ]


def test_a_question_on_another_page_is_moved(differences):
    found = differences(
        ("[living, hours]", "[living]"), ("questions: [tru1cw", "questions: [hours, tru1cw")
    )
    assert told(found) == [("moved", "hours", "", "same")]
    assert (found[0].old, found[0].new) == ("home", "cw")


def test_only_the_question_that_changed_place_is_moved(differences):
    found = differences(("[tru1cw, tru2cw]", "[tru2cw, tru1cw]"))
    assert len(found) == 1
    assert found[0].kind == "moved"


def test_an_added_item_makes_the_score_of_its_scale_different(differences):
    found = differences(
        ("background:\n", TRU3),
        ("[tru1cw, tru2cw]", "[tru1cw, tru2cw, tru3cw]"),
        ("items: [tru1, tru2]", "items: [tru1, tru2, tru3]"),
    )
    assert told(found) == [("added", "tru3cw", "trust", "different")]
    assert "items that both versions have" in found[0].reason


def test_a_dropped_item_makes_the_score_of_its_scale_different(differences):
    found = differences(
        before=(
            ("background:\n", TRU3),
            ("[tru1cw, tru2cw]", "[tru1cw, tru2cw, tru3cw]"),
            ("items: [tru1, tru2]", "items: [tru1, tru2, tru3]"),
        )
    )
    assert told(found) == [("dropped", "tru3cw", "trust", "different")]


def test_a_dropped_background_question_touches_no_score(differences):
    remark = """\
  remark:
    kind: text
    roles: [carer, worker]
    text: {nl: "Nog iets?", en: "Anything else?"}
"""
    page = '  - {id: finish, roles: [carer, worker], title: {nl: "Slot", en: "End"}, '
    found = differences((remark, ""), (page + "questions: [remark]}\n", ""))
    assert told(found) == [("dropped", "remark", "", "same")]


def test_a_question_that_only_changed_its_id_is_renamed(differences):
    found = differences(("  hours:\n", "  weekly:\n"), ("[living, hours]", "[living, weekly]"),
                        ("show: [hours]", "show: [weekly]"))  # fmt: skip
    assert told(found) == [("renamed", "weekly", "", "same")]
    assert (found[0].old, found[0].new) == ("hours", "weekly")


def test_another_route_is_told(differences):
    found = differences(("living == 0", "living == 1"))
    assert told(found) == [("rerouted", "hours", "", "same")]
    assert (found[0].old, found[0].new) == ("living == 0", "living == 1")


def test_another_range_of_a_number_is_told(differences):
    found = differences(("max: 168", "max: 100"))
    assert [(each.old, each.new) for each in found] == [("0 to 168", "0 to 100")]


def test_another_scoring_rule_makes_scores_different(differences):
    found = differences(("items: [tru1, tru2]", "items: [tru1, tru2]\n    score: {method: sum}"))
    assert told(found) == [("rescored", "trust", "trust", "different")]
    assert found[0].new.startswith("sum of items")


def test_an_item_that_leaves_its_scale_makes_scores_different(differences):
    found = differences(("items: [tru1, tru2]", "items: [tru1]"))
    assert ("moved", "trust", "trust", "different") in told(found)


def test_another_question_above_the_items_is_untested(differences):
    found = differences(('en: "Is this true?"', 'en: "Do you agree?"'))
    assert told(found) == [("reworded", "agree3", "trust", "untested")]


def test_the_worst_verdict_counts_for_a_scale(differences):
    found = differences(("I trust {about}.", "I rely on {about}."), ('    keyed: "-"\n', ""))
    assert verdicts(found) == {"trust": "different"}
    assert verdicts(differences(("I trust {about}.", "I rely on {about}."))) == {
        "trust": "untested"
    }


def test_a_difference_is_told_as_a_sentence(differences):
    (found,) = differences(("max: 168", "max: 100"))
    assert str(found) == (
        "hours recoded: '0 to 168' -> '0 to 100': "
        "numbers that one version takes are invalid in the other"
    )
