"""The grammar of model terms and the design matrix they give."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from driehoek.models.design import design_matrix
from driehoek.models.errors import TermError
from driehoek.models.terms import MAX_TERMS, Factor, parse_blocks, parse_terms


def labels(*expressions):
    return [term.label for term in parse_terms(expressions)]


def problems_of(*expressions, known=None):
    with pytest.raises(TermError) as caught:
        parse_terms(expressions, known=known)
    return caught.value.problems


@pytest.mark.parametrize(
    ("expressions", "expected"),
    [
        (["carer.hours"], ["carer.hours"]),
        (["a*b"], ["a", "b", "a:b"]),
        (["a", " b ", "a : b"], ["a", "b", "a:b"]),
        (["a", "a^2"], ["a", "a^2"]),
        (["a*b*c"], ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
        (["a", "b", "b:a", "a:b"], ["a", "b", "b:a"]),
        (
            ["carer.reciprocity.about_seeker*carer.trust.about_seeker"],
            [
                "carer.reciprocity.about_seeker",
                "carer.trust.about_seeker",
                "carer.reciprocity.about_seeker:carer.trust.about_seeker",
            ],
        ),
    ],
)
def test_a_list_of_terms_is_read_and_expanded(expressions, expected):
    assert labels(*expressions) == expected


def test_an_interaction_binds_closer_than_a_product():
    lower = ["a", "b", "c", "a:b", "a:c", "b:c"]
    assert labels(*lower, "a:b*c") == [*lower, "a:b:c"]
    assert problems_of("a", "b", "a:b*c")[0].found == "the model lacks the lower terms a:c, b:c"


def test_a_squared_moderator_keeps_its_power():
    terms = parse_terms(["a*b", "a^2", "a^2:b"])
    assert terms[-1].factors == (Factor("a", 2), Factor("b"))


@pytest.mark.parametrize(
    ("expression", "position", "mend"),
    [
        ("a + b", 3, "entry of its own"),
        ("-1", 1, "intercept"),
        ("C(relation)", 2, "functions"),
        ("__import__('os').system('x')", 1, "a term is a name"),
        ("a ~ b", 3, "predictors only"),
        ("a:", 2, "a term is a name"),
        (":a", 1, "a term is a name"),
        ("a b", 3, "a term is a name"),
        ("a**2", 2, "a^2"),
        ("a^3", 2, "only squares"),
        ("a^", 2, "only squares"),
        ("a^2^2", 4, "a term is a name"),
        ("a:a", 3, "a^2"),
        ("a:b:c:d", 7, "leave variables out"),
        ("1", 1, "a term is a name"),
        ("a..b", 2, "a term is a name"),
        ("a.", 2, "a term is a name"),
        ("é", 1, "a term is a name"),
        ("{a}", 1, "a term is a name"),
        ("(1|triad)", 1, "functions"),
        ("a\n", 2, "a term is a name"),
        ("", None, "a term is a name"),
        ("x" * 101, 1, "under 100"),
        ("a:" * 200, None, "under 300"),
    ],
)
def test_what_is_no_term_is_refused_with_place_and_remedy(expression, position, mend):
    (problem,) = problems_of(expression)
    assert problem.position == position
    assert mend in problem.mend


def test_something_else_than_text_is_refused():
    assert problems_of(3)[0].found == "this is no term"


def test_every_bad_term_is_listed_at_once():
    found = problems_of("a+b", "hours", "trust^4", "relatoin", known=["hours", "trust", "relation"])
    assert [problem.expression for problem in found] == ["a+b", "trust^4", "relatoin"]
    assert found[2].mend == "did you mean relation"


def test_a_square_or_interaction_needs_its_lower_terms():
    assert "a, b" in problems_of("a:b")[0].found
    assert "a" in problems_of("a^2")[0].found


def test_lower_terms_may_stand_in_an_earlier_block_but_not_in_a_later_one():
    assert [len(block) for block in parse_blocks([["a", "b"], ["a:b"]])] == [2, 1]
    with pytest.raises(TermError, match="lacks the lower terms a, b"):
        parse_blocks([["a:b"], ["a", "b"]])


def test_a_block_that_adds_nothing_is_refused():
    with pytest.raises(TermError, match="'block 2': the block adds no term"):
        parse_blocks([["a*b"], ["b:a", "a"]])


@pytest.mark.parametrize("blocks", [[], [[]]])
def test_a_model_without_terms_is_refused(blocks):
    with pytest.raises(TermError, match="adds no term"):
        parse_blocks(blocks)


def test_more_terms_than_a_reader_can_use_are_refused():
    names = [f"x{number}" for number in range(MAX_TERMS + 1)]
    assert f"at most {MAX_TERMS}" in problems_of(*names)[0].mend


@given(st.text(max_size=40) | st.text("ab.:*^2 +(", max_size=12))
def test_any_text_is_a_term_or_a_named_problem(text):
    try:
        terms = parse_terms([text])
    except TermError as error:
        found, names = len(error.problems), []
    else:
        found, names = 0, [name for term in terms for name in term.names]
    assert bool(found) != bool(names)
    assert all(name in text for name in names)


def test_reading_terms_loads_no_heavy_library():
    """A study is checked before the job graph is built, so this must be quick."""
    listing = "import sys, driehoek.models.terms; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", listing], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"numpy", "pandas", "scipy", "statsmodels"} & set(loaded)


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "hours": [1.0, 2.0, 3.0, 6.0, 8.0],
            "trust": [4.0, 1.0, 2.0, 2.0, 5.0],
            "relation": ["child", "partner", "other", "child", "partner"],
        }
    )


LEVELS = {"relation": ["partner", "child", "other"]}


def design_of(frame, *expressions, **options):
    return design_matrix(frame, parse_terms(expressions), **options)


def test_the_first_declared_level_is_the_reference(frame):
    design = design_of(frame, "relation", categorical=LEVELS)
    assert design.labels == ("intercept", "relation[child]", "relation[other]")
    assert design.matrix[:, 1:].tolist() == [[1, 0], [0, 0], [0, 1], [1, 0], [0, 0]]
    assert design.references == {"relation": "partner"}


def test_variables_in_a_product_are_taken_from_their_mean_everywhere(frame):
    design = design_of(frame, "hours*trust")
    hours, trust = frame["hours"] - 4, frame["trust"] - 2.8
    assert design.centres == pytest.approx({"hours": 4.0, "trust": 2.8})
    expected = np.column_stack([np.ones(5), hours, trust, hours * trust])
    assert design.matrix == pytest.approx(expected)
    assert any("hours is taken from its mean" in note for note in design.notes)


def test_a_variable_outside_products_keeps_its_zero(frame):
    design = design_of(frame, "hours", "trust", "trust^2")
    assert design.matrix[:, 1].tolist() == frame["hours"].tolist()
    assert design.matrix[:, 3] == pytest.approx((frame["trust"] - 2.8) ** 2)


def test_centring_can_be_left_out(frame):
    design = design_of(frame, "hours*trust", centre="none")
    assert design.centres == {}
    assert design.matrix[:, 3] == pytest.approx(frame["hours"] * frame["trust"])


def test_a_factor_times_a_number_has_a_column_for_each_contrast(frame):
    wide = pd.concat([frame, frame.assign(hours=frame["hours"] ** 2)])
    design = design_of(wide, "relation*hours", categorical=LEVELS)
    assert design.labels[-2:] == ("relation[child]:hours", "relation[other]:hours")
    assert design.terms[-2:] == ("relation:hours", "relation:hours")
    centred = wide["hours"] - wide["hours"].mean()
    assert design.matrix[:, -2] == pytest.approx(centred * (wide["relation"] == "child"))


def test_levels_may_be_numbers(frame):
    design = design_of(frame.assign(sex=[1.0, 2, 2, 1, 2]), "sex", categorical={"sex": [1, 2]})
    assert design.labels == ("intercept", "sex[2]")
    assert design.matrix[:, 1].tolist() == [0, 1, 1, 0, 1]


def test_a_reference_level_without_rows_gives_way_and_says_so(frame):
    used = frame[frame["relation"] != "partner"]
    design = design_of(used, "relation", categorical=LEVELS)
    assert design.references == {"relation": "child"}
    assert "no row used has relation = partner" in design.notes


def test_a_factor_with_one_level_left_has_a_reason(frame):
    design = design_of(frame[:1], "relation", categorical=LEVELS)
    assert design.labels == ("intercept",)
    assert "one level only" in design.aliased[0].reason


def test_a_constant_predictor_is_named(frame):
    design = design_of(frame.assign(wave=0.1), "hours", "wave", "wave^2")
    assert design.labels == ("intercept", "hours")
    assert [aliased.label for aliased in design.aliased] == ["wave", "wave^2"]
    assert design.aliased[0].reason.startswith("wave is the same in every row used")


def test_a_collinear_predictor_is_named_with_those_that_determine_it(frame):
    total = frame.assign(noise=[1.0, 0, 2, 1, 5], total=2 * frame["hours"] - 1e3 * frame["trust"])
    design = design_of(total, "hours", "noise", "trust", "total")
    assert design.labels == ("intercept", "hours", "noise", "trust")
    (aliased,) = design.aliased
    assert "total is fully determined by hours and trust," in aliased.reason


def test_scale_does_not_make_a_predictor_collinear():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"tiny": rng.normal(0, 1e-9, 50), "large": 1e6 + rng.normal(size=50)})
    assert design_of(frame, "tiny", "large").aliased == ()


def test_all_faults_of_the_variables_are_listed_at_once(frame):
    broken = frame.assign(
        gap=[1.0, None, 2, 3, 4], endless=[1.0, np.inf, 2, 3, 4], kind=["a", "b", "c", "a", "b"]
    )
    terms = parse_terms(["gap", "endless", "kind", "absent", "relation", "relation^2"])
    levels = {"relation": ["partner", "child"]}
    with pytest.raises(TermError) as caught:
        design_matrix(broken, terms, categorical=levels)
    found = {problem.expression: problem.found for problem in caught.value.problems}
    assert found == {
        "gap": "1 rows have no value",
        "endless": "1 values are infinite",
        "kind": "it holds text, such as 'a'",
        "absent": "the data have no such variable",
        "relation": "levels that are not declared: other",
    }


def test_a_categorical_variable_cannot_be_squared(frame):
    with pytest.raises(TermError, match="cannot be squared"):
        design_of(frame, "relation", "relation^2", categorical=LEVELS)


def test_a_level_declared_twice_is_refused(frame):
    with pytest.raises(TermError, match="declared twice"):
        design_of(frame, "relation", categorical={"relation": ["partner", "child", "child"]})
