"""What must hold for any wording and any routing that is exported."""

import tempfile
from pathlib import Path

import pandas as pd
import pytest
from deployed import read_limesurvey, read_qualtrics, read_redcap, read_xlsform
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from small_instrument import small

from driehoek.deploy.conditions import Chosen, Joined, in_codes
from driehoek.deploy.targets import export
from driehoek.deploy.text_faults import SIGNS
from driehoek.instrument.questions import Questionnaire
from driehoek.instrument.routing import Comparison, Junction, evaluate

with tempfile.TemporaryDirectory() as folder:
    FORM = small(Path(folder), ('code: "y"', 'code: "7"'), ('code: "n"', 'code: "0"'))
OPERATORS = ["==", "!=", "<", "<=", ">", ">="]
ROLES = {"carer": "1", "worker": "2"}

choice_tests = st.builds(
    Comparison,
    st.sampled_from(["living", "tru1cw"]),
    st.sampled_from(OPERATORS),
    st.tuples(st.sampled_from([0.0, 1.0, 2.0, 3.0])),
) | st.builds(
    Comparison,
    st.sampled_from(["living", "tru1cw", "hours"]),
    st.just("in"),
    st.lists(st.sampled_from([0.0, 1.0, 2.0, 8.0]), max_size=3).map(tuple),
)
number_tests = st.builds(
    Comparison, st.just("hours"), st.sampled_from(OPERATORS), st.tuples(st.sampled_from([0.0, 8.0]))
)
role_tests = st.builds(
    Comparison,
    st.just("role"),
    st.sampled_from(["==", "!="]),
    st.tuples(st.sampled_from(list(ROLES))),
)
conditions = st.recursive(
    choice_tests | number_tests | role_tests,
    lambda inner: st.builds(
        Junction,
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=2, max_size=3).map(tuple),
    ),
    max_leaves=5,
)
responses = st.fixed_dictionaries(
    {
        "who": st.sampled_from(list(ROLES.values())),
        "living": st.sampled_from(["", "7", "0"]),
        "tru1cw": st.sampled_from(["", "1", "2", "3", "9"]),
        "hours": st.sampled_from(["", "0", "4", "8", "100"]),
    }
)


def holds(test, answers):
    """Apply a test as a platform does: an empty answer meets nothing."""
    if isinstance(test, bool):
        return test
    if isinstance(test, Joined):
        joined = all if test.kind == "and" else any
        return joined(holds(part, answers) for part in test.parts)
    given_answer = answers[test.question]
    if isinstance(test, Chosen):
        return given_answer in test.codes
    comparison = Comparison("hours", test.operator, (test.value,))
    return bool(given_answer) and decided(comparison, answers)


def decided(condition, answers):
    """Apply the instrument's own routing, which compares analysis values."""
    role = next(role for role, code in ROLES.items() if code == answers["who"])
    columns = {"role": pd.Series([role])}
    for qid in ("living", "tru1cw"):
        columns[qid] = pd.Series([FORM.questions[qid].values.get(answers[qid])], dtype=float)
    columns["hours"] = pd.Series([answers["hours"] or None]).astype(float)
    return bool(evaluate(condition, columns, 1)[0] == 1)


@given(condition=conditions, answers=responses)
@settings(max_examples=300)
def test_routes_on_codes_open_exactly_where_routes_on_values_do(condition, answers):
    assert holds(in_codes(FORM, condition, None), answers) == decided(condition, answers)


@given(condition=conditions, answers=responses)
@settings(max_examples=300)
def test_a_role_known_beforehand_opens_the_same_routes(condition, answers):
    role = next(role for role, code in ROLES.items() if code == answers["who"])
    if role == "worker":
        answers |= {"living": "", "hours": "", "tru1cw": ""}
    test = in_codes(FORM, condition, role)
    assert holds(test, answers) == decided(condition, answers)


wordings = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="{}\\"),
    min_size=1,
    max_size=60,
).filter(lambda text: text.strip() and not any(sign in text for sign in SIGNS))
READERS = {
    "limesurvey": ("txt", lambda path: read_limesurvey(path)[2]),
    "qualtrics": ("txt", lambda path: read_qualtrics(path, "nl")),
    "redcap": ("csv", lambda path: read_redcap(path, "nl")),
    "xlsform": ("xlsx", lambda path: read_xlsform(path)[1]),
}


def with_wording(wording):
    """Give the small instrument with another wording of a question and of an option."""
    instrument = FORM.instrument
    remark = instrument.background["remark"].model_copy(
        update={"text": {"nl": wording, "en": "x"}, "label": {"nl": "r", "en": "r"}}
    )
    living = instrument.background["living"]
    first = living.options[0].model_copy(
        update={"label": {"nl": wording.replace("|", "").strip()[:25] or "a", "en": "y"}}
    )
    living = living.model_copy(update={"options": [first, living.options[1]]})
    background = instrument.background | {"remark": remark, "living": living}
    return Questionnaire(instrument.model_copy(update={"background": background}))


@pytest.mark.parametrize("target", READERS)
@given(wording=wordings)
@settings(max_examples=40)
def test_any_wording_survives_the_way_to_a_platform(target, wording):
    form = with_wording(wording)
    suffix, read = READERS[target]
    label = form.questions["living"].options[0].label["nl"]
    assume(label.casefold() != "nee")  # the label of the other option
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / f"out.{suffix}"
        export(form, target, path, role="carer", language="nl")
        asked = read(path)
    assert same(asked["remark"].text["nl"], wording)
    assert same(asked["living"].options["7"]["nl"], label)


def same(found, written):
    return " ".join(found.split()) == " ".join(written.split())
