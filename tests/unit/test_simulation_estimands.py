"""The short way to the estimands gives what the whole pipeline gives."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from driehoek.analysis.reliability import reliability
from driehoek.cleaning.clean import clean_wave
from driehoek.cleaning.link import Linked, link_waves
from driehoek.job import generator
from driehoek.plan.measurement import ReliabilityPlan
from driehoek.scoring.scales import score_responses
from driehoek.simulation.canonical import canonical_wave
from driehoek.simulation.estimands import estimate, fingerprint, linked_study, needed
from driehoek.simulation.study import simulate_study, write_exports
from driehoek.simulation.truth import Sampling, Truth
from driehoek.study import Study, read_study

ROOT = Path(__file__).resolve().parents[2]
TRIADS = 80


@pytest.fixture(scope="module")
def demo() -> Study:
    return read_study(ROOT / "config" / "study.yaml")


@pytest.fixture(scope="module")
def short(demo: Study) -> Linked:
    return linked_study(demo, TRIADS, generator(3, "estimands"))


@pytest.fixture(scope="module")
def whole(demo: Study) -> Linked:
    """Take every role, question and scale through the pipeline."""
    simulated = simulate_study(demo, triads=TRIADS, rng=generator(3, "estimands"))
    raw = [canonical_wave(simulated, demo, wave) for wave in demo.wave_names]
    clean = [clean_wave(each, demo, each.responses["wave"].iloc[0]) for each in raw]
    tables = [(each.tables.responses, each.tables.missing) for each in clean]
    return link_waves(
        demo,
        responses=[responses for responses, _ in tables],
        missing=[missing for _, missing in tables],
        scores=[score_responses(*each, demo.questionnaire) for each in tables],
        ledgers=[each.ledger for each in clean],
    )


def test_following_fewer_roles_and_scales_changes_no_answer_and_no_score(
    demo: Study, short: Linked, whole: Linked
):
    persons, triads = needed(short, demo)
    all_persons, all_triads = needed(whole, demo)
    pd.testing.assert_frame_equal(
        persons.reset_index(drop=True), all_persons.reset_index(drop=True), check_exact=True
    )
    key = ["triad", "wave"]
    both = triads.set_index(key)
    pd.testing.assert_frame_equal(both, all_triads.set_index(key).loc[both.index], check_exact=True)


def test_waves_in_which_nobody_is_left_give_no_estimates_and_no_fault(demo: Study, tmp_path: Path):
    truth = replace(Truth(), sampling=replace(Sampling(), dropout=0.999, incomplete=0.5))
    linked = linked_study(demo, 2, generator(3, "few"), truth=truth)
    assert set(linked.long["wave"]) == {"w1"}
    found = estimate(linked.long, linked.triads, demo)
    assert len(found)
    assert found["estimate"].isna().all()
    simulated = simulate_study(demo, triads=2, rng=generator(3, "few"), truth=truth)
    written = write_exports(simulated, demo, tmp_path)
    assert all(path.is_file() for path in written)


def test_alpha_and_omega_are_those_of_the_reliability_tables(
    demo: Study, short: Linked, whole: Linked
):
    plan = demo.settings.plan.model_copy(update={"reliability": ReliabilityPlan(bootstrap=0)})
    study = replace(demo, settings=demo.settings.model_copy(update={"plan": plan}))
    long = whole.long[whole.long["wave"] == "w1"]
    table = reliability(long, study, "w1")
    parts = ["role", "about", "scale", "group", "statistic"]
    known = table.set_index(parts)["estimate"]
    found = estimate(*needed(short, demo), demo).set_index("id")["estimate"]
    for about, scale in (("carer", "burden"), ("seeker", "reciprocity")):
        for statistic in ("alpha", "omega_total"):
            name = f"reliability/w1/carer/{about}/{scale}/-/-/-/{statistic}"
            assert found[name] == known["carer", about, scale, "", statistic]


def test_the_fingerprint_follows_the_plan_and_not_the_title(demo: Study):
    def changed(**update: object) -> str:
        return fingerprint(replace(demo, settings=demo.settings.model_copy(update=update)))

    plan = demo.settings.plan.model_copy(update={"correlations": {}})
    assert changed(plan=plan) != fingerprint(demo)
    assert changed(title={"nl": "anders", "en": "other"}) == fingerprint(demo)
