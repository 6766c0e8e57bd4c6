"""Numbers as people read them."""

import math

import pytest

from driehoek.reporting import numbers

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (1234.567, "en", "1,234.57"),
        (1234.567, "nl", "1.234,57"),
        (-0.5, "en", "−0.50"),
        (-0.001, "en", "0.00"),
        (math.nan, "nl", "–"),
        (math.inf, "en", "∞"),
    ],
)
def test_a_number_follows_its_language(value, language, expected):
    assert numbers.decimal(value, language) == expected


@pytest.mark.parametrize(
    ("value", "language", "expected"),
    [
        (0.684, "en", ".68"),
        (-0.684, "nl", "−,68"),
        (1.0, "en", "1.00"),
        (0.999, "nl", "1,00"),
        (10.5, "en", "10.50"),
    ],
)
def test_no_zero_leads_what_cannot_exceed_one(value, language, expected):
    assert numbers.bounded(value, language) == expected


@pytest.mark.parametrize(
    ("p", "language", "expected"),
    [
        (0.0342, "en", ".034"),
        (0.0009999, "en", f"<{NBSP}.001"),
        (0.0009999, "nl", f"<{NBSP},001"),
        (0.001, "nl", ",001"),
        (0.9999, "en", ">\u00a0.999"),
    ],
)
def test_p_is_exact_down_to_one_in_a_thousand(p, language, expected):
    assert numbers.p_value(p, language) == expected


def test_p_in_a_sentence_has_its_relation():
    assert numbers.p_relation(0.0342, "en") == f"={NBSP}.034"
    assert numbers.p_relation(0.0001, "en") == f"<{NBSP}.001"


def test_a_dutch_interval_is_parted_by_a_semicolon():
    assert numbers.interval(-0.1, 1.25, "nl") == f"[−0,10;{NBSP}1,25]"
    assert numbers.interval(0.1, 0.25, "en", is_bounded=True) == f"[.10,{NBSP}.25]"
    assert numbers.interval(math.nan, 1.0, "en") == numbers.ABSENT


@pytest.mark.parametrize(("se", "decimals"), [(1.2, 2), (0.05, 3), (0.004, 4), (1e-6, 4), (0, 2)])
def test_a_coefficient_shows_two_figures_of_its_standard_error(se, decimals):
    assert numbers.decimals_for(se) == decimals
