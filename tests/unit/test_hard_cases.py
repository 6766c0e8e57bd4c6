"""Every kind of model on data that carry it badly: a number, or a reason in both languages."""

import pandas as pd
import pytest
import reporting_example

from driehoek.analysis.comparisons import comparisons
from driehoek.analysis.families import families
from driehoek.analysis.models import correlation_table, models
from driehoek.reporting.wording import known_sentence
from driehoek.study import read_study


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    example = reporting_example.make_example(tmp_path_factory.mktemp("hard"))
    return read_study(example.path), pd.read_parquet(example.long)


def first_triads(n):
    return lambda long: long[long["triad"].isin(sorted(long["triad"].unique())[:n])]


def constant_trust(long):
    trust = {name: 3.0 for name in long if name.startswith("trust")}
    return long.assign(**{n: long[n].mask(long["role"] == "carer", v) for n, v in trust.items()})


def hours_follow_from_trust(long):
    return long.assign(hours=10 * long["trust.about_seeker"])


def incomplete_triads(long):
    """Leave each triad with one member."""
    is_even = long["triad"].str[1:].astype(int) % 2 == 0
    return long[is_even == (long["role"] == "carer")]


def separated(long):
    """Let the hours of care say for certain who cares for a partner."""
    return long.assign(relation=long["relation"].mask(long["hours"] > 20, 1.0).where(
        (long["hours"] > 20) | long["hours"].isna(), 2.0))  # fmt: skip


def persons_unlike_themselves(long):
    """Turn the burden round in the second wave, so that persons differ less than chance."""
    first = long[(long["wave"] == "w1") & (long["role"] == "carer")]
    known = long["person"].map(first.set_index("person")["burden.about_carer"])
    turned = long["burden.about_carer"].mask(long["wave"] == "w2", 6 - known)
    return long.assign(**{"burden.about_carer": turned.where(long["role"] == "carer")})


CASES = {
    "no triad is complete": incomplete_triads,
    "perfect separation": separated,
    "a singular random effect": persons_unlike_themselves,
    "twelve triads": first_triads(12),
    "three triads": first_triads(3),
    "a constant predictor": constant_trust,
    "an outcome missing for all": lambda long: long.assign(**{"burden.about_carer": float("nan")}),
    "a role missing for all": lambda long: long[long["role"] != "seeker"],
    "collinear terms": hours_follow_from_trust,
    "one wave": lambda long: long[long["wave"] == "w1"],
    "a constant outcome": lambda long: long.assign(**{"burden.about_carer": 2.0}),
}


@pytest.mark.parametrize("case", CASES)
def test_hard_data_give_a_number_or_a_reason_in_words(made, case):
    study, long = made
    changed = CASES[case](long).reset_index(drop=True)
    triads = reporting_example._triads(study, changed)
    found = {
        "models": models(changed, triads, study),
        "comparisons": comparisons(changed, triads, study),
        "correlations": correlation_table(triads, study),
    }
    found["families"] = families(found, study)
    rows = pd.concat(found.values())
    assert set(study.settings.plan.models) == set(found["models"]["scale"])
    absent = rows[rows["estimate"].isna()]
    assert (absent["reason"] != "").all(), absent[absent["reason"] == ""]["id"].tolist()
    untold = [r for r in rows["reason"].unique() if r and known_sentence("nl", r) is None]
    assert untold == []


def fitted(made, change):
    study, long = made
    changed = change(long).reset_index(drop=True)
    return models(changed, reporting_example._triads(study, changed), study)


def test_separation_is_a_reason_with_the_term_behind_it(made):
    table = fitted(made, separated)
    rows = table[(table["scale"] == "is_partner") & table["estimate"].isna()]
    assert rows["reason"].str.contains("carer.hours").any(), rows["reason"].unique()


def test_a_singular_fit_is_a_number_with_a_note(made):
    table = fitted(made, persons_unlike_themselves)
    own = table[table["scale"] == "course"]
    variance = own.loc[own["statistic"] == "variance_person", "estimate"].item()
    assert variance == 0
    notes = own.loc[own["statistic"] == "note", "reason"]
    assert notes.str.contains("estimated at zero").any()


def test_with_twelve_triads_disclosure_control_lists_what_it_hides(made):
    table = fitted(made, first_triads(12))
    hidden = table[table["reason"].str.startswith("withheld")]
    assert len(hidden)
    assert hidden["estimate"].isna().all()
    assert hidden["id"].is_unique
