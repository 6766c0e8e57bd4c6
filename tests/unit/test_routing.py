"""Routing conditions are read by a closed grammar and hold in three-valued logic."""

import numpy as np
import pandas as pd
import pytest

from driehoek.instrument.routing import (
    Comparison,
    Junction,
    RoutingSyntaxError,
    evaluate,
    names_in,
    parse_condition,
)

NA = np.nan


def truth(condition, **columns):
    n = len(next(iter(columns.values())))
    series = {name: pd.Series(values) for name, values in columns.items()}
    return evaluate(parse_condition(condition), series, n).tolist()


def test_and_binds_closer_than_or():
    found = parse_condition("a == 1 or b == 2 and role == carer")
    assert found == Junction(
        "or",
        (
            Comparison("a", "==", (1.0,)),
            Junction("and", (Comparison("b", "==", (2.0,)), Comparison("role", "==", ("carer",)))),
        ),
    )
    assert names_in(found) == {"a", "b", "role"}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a == 1", [1, 0, NA]),
        ("a != 1", [0, 1, NA]),
        ("a in [1, 3]", [1, 0, NA]),
        ("a < 2", [1, 0, NA]),
        ("a >= 2", [0, 1, NA]),
        ("a == 1 or b == 5", [1, 1, 1]),
        ("a == 1 and b == 5", [1, 0, NA]),
        ("a == 1 and b == 9", [0, 0, 0]),
        ("(a == 1 or a == 2) and b == 5", [1, 1, NA]),
    ],
)
def test_an_unanswered_question_leaves_open_only_what_rests_on_it(condition, expected):
    found = truth(condition, a=[1, 2, NA], b=[5, 5, 5])
    np.testing.assert_array_equal(found, expected)


def test_a_role_is_compared_as_a_word():
    roles = ["carer", "seeker", "professional"]
    assert truth("role == carer", role=roles) == [1, 0, 0]
    assert truth("role != carer", role=roles) == [0, 1, 1]
    assert truth("role in [carer, seeker]", role=roles) == [1, 1, 0]


@pytest.mark.parametrize(
    "text",
    ["", "a", "a ==", "a = 1", "a == 1 and", "(a == 1", "a == 1)", "a in [1", "a in 1",
     "__import__('os')", "a == 1; b == 2", "a == f(1)", "a == 1 b == 2"],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(RoutingSyntaxError):
        parse_condition(text)
