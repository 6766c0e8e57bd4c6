"""Families of tests and equivalence in a study: what is found, adjusted and said."""

import math

import numpy as np
import pytest
from reporting_example import make_example

from driehoek.analysis.families import families
from driehoek.analysis.rows import read_statistics
from driehoek.problems import StudyError
from driehoek.study import read_study


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    example = make_example(tmp_path_factory.mktemp("families"), n_triads=40)
    names = ("models", "comparisons", "correlations")
    tables = {name: read_statistics(example.statistics[0].parent / f"{name}.csv") for name in names}
    return example.path, tables


def rows_of(made, plan):
    path, tables = made
    text = path.read_text(encoding="utf-8")
    head, tail = text.split("  families:\n")[0], "report:" + text.split("report:")[1]
    other = path.with_name("other.yaml")
    other.write_text(head + plan + tail, encoding="utf-8")
    return families(tables, read_study(other))


def test_a_family_holds_each_test_once_and_holm_is_never_below_the_raw_p(made):
    found = rows_of(
        made,
        """
  families:
    main:
      tests:
        - {model: burden, term: carer.trust}
        - {model: burden, term: carer.relation}
        - {comparison: by_role}
        - {correlation: main, term: carer.burden ~ seeker.trust}
        - {model: burden, term: carer.trust}
      adjust: [holm, bh]
""",
    )
    raw, holm, bh = (
        found[found["statistic"] == each]["estimate"].to_numpy()
        for each in ("p_raw", "p_holm", "p_bh")
    )  # fmt: skip
    assert len(raw) == 5  # trust, two levels of relation, roles, correlation
    assert (holm >= raw).all()
    assert (bh <= holm + 1e-15).all()
    assert set(found["method"]) == {"raw", "holm, 5 tests", "bh, 5 tests"}


def test_a_term_of_an_actor_partner_model_is_found_by_member(made):
    found = rows_of(
        made,
        """
  families:
    main: {tests: [{model: couple, term: actor, group: carer}, {model: couple, term: actor}]}
""",
    )
    assert (found["statistic"] == "p_raw").sum() == 2


def test_what_was_not_estimable_is_a_row_with_a_reason_and_does_not_count(made):
    found = rows_of(
        made,
        """
  families:
    main: {tests: [{model: hopeless, term: carer.hours}, {model: burden, term: carer.trust},
                   {model: by_way_of, term: carer.trust, statistic: indirect}]}
""",
    )
    holm = found[found["statistic"] == "p_holm"]
    absent = holm[holm["estimate"].isna()]
    assert len(absent) >= 1
    assert (absent["reason"] != "").all()


def test_equivalence_needs_a_standard_error_and_names_its_bounds(made):
    found = rows_of(
        made,
        """
  equivalence:
    small: {of: {model: burden, term: carer.hours, statistic: beta}, within: [-0.5, 0.5]}
    none: {of: {model: in_range, statistic: r2_mcfadden}, within: [-1, 1]}
""",
    )
    tost = found[(found["statistic"] == "tost") & (found["scale"] == "small")].iloc[0]
    ends = found[found["statistic"].isin(["tost_low", "tost_high"])]
    assert ends["estimate"].tolist() == [-0.5, 0.5]
    assert tost["p"] == pytest.approx(np.max(ends["p"]))
    none = found[found["scale"] == "none"].iloc[0]
    assert math.isnan(none["p"])
    assert none["reason"]


def test_a_family_of_an_unknown_model_is_refused_by_name(made):
    with pytest.raises(StudyError, match="burdn"):
        rows_of(made, "  families:\n    main: {tests: [{model: burdn, term: carer.trust}]}\n")
