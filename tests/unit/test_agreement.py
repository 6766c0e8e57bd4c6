"""Agreement between roles and stability over waves: closed forms, and what a plan gives."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reporting_example import INSTRUMENT, STUDY, estimate_example

from driehoek.analysis.agreement import agreement
from driehoek.analysis.agreement_rows import difference_bands
from driehoek.files import write_text
from driehoek.plan.agreement import AgreementPlan
from driehoek.problems import StudyError
from driehoek.psychometrics.agreement import intraclass_correlation, limits_of_agreement
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.kappa import weighted_kappa
from driehoek.reporting.labels import Labels
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.reporting.wording import known_sentence
from driehoek.study import read_study


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("agreement")
    write_text(folder / "instrument.yaml", INSTRUMENT)
    write_text(folder / "study.yaml", STUDY)
    example = estimate_example(folder / "study.yaml", folder / "public/statistics", n_triads=60)
    return read_study(example.path), read_results(example.statistics), pd.read_parquet(example.long)


def test_published_ratings_have_the_published_intraclass_correlations():
    """Shrout & Fleiss (1979), doi:10.1037/0033-2909.86.2.420, table 2: four judges, six targets."""
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = intraclass_correlation(ratings)
    assert found.agreement == pytest.approx(0.29, abs=0.005)
    assert found.consistency == pytest.approx(0.71, abs=0.005)


def test_a_shift_lowers_agreement_and_not_consistency():
    first = np.arange(20.0)
    noise = np.tile([0.5, -0.5], 10)
    found = intraclass_correlation(np.column_stack([first, first + 5 + noise]))
    assert found.consistency > 0.99
    assert found.agreement < 0.8
    limits = limits_of_agreement(first, first + 5 + noise)
    assert limits.difference == pytest.approx(5)
    assert limits.lower < 5 < limits.upper


def test_equal_scores_agree_wholly_and_say_why_there_is_no_interval():
    same = np.arange(10.0)
    found = intraclass_correlation(np.column_stack([same, same]))
    assert found.agreement == 1
    assert np.isnan(found.agreement_low)
    with pytest.raises(TooFewDataError, match="one and the same score"):
        intraclass_correlation(np.ones((5, 2)))
    with pytest.raises(TooFewDataError, match="2 subjects have all 2"):
        intraclass_correlation([[1, 2], [2, 3], [np.nan, 1]])


def test_bands_of_differences_hold_enough_subjects_and_their_means():
    first = np.repeat(np.arange(12.0), 4)  # 48 subjects, four with each score
    pair = pd.DataFrame({"first": first, "second": first + np.where(first < 6, 0.5, -0.5)})
    bands = difference_bands(pair, fewest=10)
    assert [len(band) for band in bands] == [12, 12, 12, 12]
    assert [band["difference"].mean() for band in bands] == [0.5, 0.5, -0.5, -0.5]
    assert [band["average"].mean() for band in bands] == [1.25, 4.25, 6.75, 9.75]
    order = np.random.default_rng(1).permutation(len(pair))
    shuffled = difference_bands(pair.iloc[order], fewest=10)
    assert [len(band) for band in shuffled] == [12, 12, 12, 12]
    assert difference_bands(pair.head(9), fewest=10) == []


def test_the_bands_of_a_study_have_means_that_add_up(made):
    _, results, _ = made
    found = results.rows("agreement", statistic="band_difference")
    assert found
    for group in {(figure.scale, figure.group) for figure in found}:
        own = [f for f in found if (f.scale, f.group) == group]
        whole = results.one("agreement", "difference", wave="w1", scale=group[0], group=group[1])
        assert sum(f.n for f in own) == whole.n
        assert sum(f.estimate * f.n for f in own) / whole.n == pytest.approx(whole.estimate)
        assert all(f.n >= 10 for f in own)


def test_kappa_without_chance_is_named_and_perfect_agreement_is_one():
    answers = np.tile([1.0, 2, 3], 5)
    assert weighted_kappa(answers, answers).estimate == pytest.approx(1)
    with pytest.raises(TooFewDataError, match="no kappa"):
        weighted_kappa(np.ones(5), np.ones(5))
    with pytest.raises(ValueError, match="not among the options"):
        weighted_kappa([1, 2, 7], [1, 2, 3], options=[1, 2, 3])


def test_roles_are_compared_triad_by_triad_with_the_primary_person(made):
    study, results, long = made
    pair = "carer.trust.about_seeker and seeker.trust.about_carer"
    icc = results.one("agreement", "icc_agreement", wave="w1", scale="views", group=pair)
    wave = long[(long["wave"] == "w1") & long["is_primary"]].set_index("triad")
    columns = {"carer": "trust.about_seeker", "seeker": "trust.about_carer"}
    wide = pd.concat([wave[wave["role"] == role][c] for role, c in columns.items()], axis=1)
    expected = intraclass_correlation(wide.to_numpy(float))
    assert icc.estimate == pytest.approx(expected.agreement, rel=1e-12)
    assert icc.n == expected.n_subjects
    kappas = results.rows("agreement", scale="views", statistic="weighted_kappa")
    assert {each.term for each in kappas} <= {"tru1", "tru2", "tru3", "tru4"}
    note = next(iter(results.rows("agreement", scale="views", statistic="note")))
    assert "different persons" in note.reason
    assert "verschillende personen" in Labels(study, "nl").sentence(note.reason)


def test_change_is_counted_and_small_counts_are_withheld(made):
    study, results, _ = made
    counts = results.rows("retest", scale="load", statistic="reliable_change")
    assert {each.term for each in counts} == {"higher", "lower", "neither"}
    shown = [each for each in counts if each.is_present]
    assert all(each.estimate == 0 or each.estimate >= 10 for each in shown)
    sem = results.one("retest", "sem_agreement", scale="load", group="w1 and w2")
    change = results.one("retest", "smallest_detectable_change", scale="load", group="w1 and w2")
    assert change.estimate == pytest.approx(1.959963984540054 * np.sqrt(2) * sem.estimate)
    names = [table.name for table in all_tables(gather(study, results, "nl"))]
    assert {"agreement_views", "agreement_views_items", "retest_load"} <= set(names)


@pytest.fixture(scope="module")
def knows_of_trust():
    """Give the demo with what carers think that seekers think, and fifty triads."""
    study = read_study(Path(__file__).parents[2] / "config/study.yaml")
    plan = study.settings.plan.model_copy(update={"agreement": {"knows": AgreementPlan(**META)}})
    study = replace(study, settings=study.settings.model_copy(update={"plan": plan}))
    rng = np.random.default_rng(4)
    said = rng.integers(3, 9, 50).astype(float)
    guess = said + 1 + rng.integers(-1, 2, 50)
    triads = [f"t{i}" for i in range(50)]
    common = {"wave": "w1", "triad": triads, "is_primary": True}
    carers = pd.DataFrame(common | {"role": "carer", "trust_from_other.about_seeker": guess})
    seekers = pd.DataFrame(common | {"role": "seeker", "trust_in_other.about_carer": said})
    long = pd.concat([carers, seekers], ignore_index=True)
    return study, long.assign(person=long["role"] + long["triad"]), said - guess


META = {
    "scores": ["carer.trust_from_other.about_seeker", "seeker.trust_in_other.about_carer"],
    "meta": True,
}


def test_what_one_thinks_is_laid_beside_what_the_other_says(knows_of_trust):
    study, long, bias = knows_of_trust
    table = agreement(long, study).set_index("statistic")
    assert table.loc["difference", "estimate"] == pytest.approx(bias.mean())
    assert table.loc["icc_consistency", "estimate"] > table.loc["icc_agreement", "estimate"]
    assert table.loc["note", "reason"].startswith("The first score is what one member thinks")
    assert "weighted_kappa" not in table.index
    for language in ("nl", "en"):
        assert known_sentence(language, table.loc["note", "reason"]) is not None


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ("[carer.trust_from_other.about_seeker, seeker.trust_in_other.about_professional]", "each"),
        ("[carer.trust_from_other.about_seeker, carer.trust_in_other.about_seeker]", "each"),
        ("[carer.trust_from_other.about_seeker, seeker.trust.about_carer]", "the same answers"),
    ],
)
def test_a_guess_is_about_the_other_and_on_the_same_answers(tmp_path, scores, said):
    root = Path(__file__).parents[2]
    text = (root / "config/study.yaml").read_text(encoding="utf-8")
    for old, new in {
        "../instruments": f"{root}/instruments",
        "{key: demo.key}": f"{{key: {root}/config/demo.key}}",
        "scores: [carer.burden.about_carer, seeker.burden.about_carer]": f"scores: {scores}\n"
        "      meta: true",
    }.items():
        assert old in text
        text = text.replace(old, new)
    write_text(tmp_path / "study.yaml", text)
    with pytest.raises(StudyError, match=said):
        read_study(tmp_path / "study.yaml")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("scores: [carer.trust, seeker.trust]", "scores: [carer.trust, carer.trust]"),
        ("scores: [carer.trust, seeker.trust]", "scores: [carer.burden, seeker.trust]"),
        ("scores: [carer.trust, seeker.trust]", "scores: [carer.hours, seeker.trust]"),
        ("score: carer.burden}", "score: carer.burden, waves: [w1]}"),
        ("score: carer.burden}", "score: carer.burdn}"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(tmp_path, written, found):
    write_text(tmp_path / "instrument.yaml", INSTRUMENT)
    write_text(tmp_path / "study.yaml", STUDY.replace(written, found))
    with pytest.raises(StudyError, match=r"agreement|retest"):
        read_study(tmp_path / "study.yaml")
