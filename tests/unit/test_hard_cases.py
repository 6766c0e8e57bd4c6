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


CASES = {
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
