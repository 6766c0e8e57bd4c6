"""Full-information regression: what it must give back, what it leaves out and what it says."""

import numpy as np
import pandas as pd
import pytest

from driehoek.analysis.full_information import full_information_models
from driehoek.analysis.models import models
from driehoek.files import write_csv
from driehoek.models.full_information import fit_full_information
from driehoek.models.joint_normal import fit_joint_normal
from driehoek.models.linear import fit_blocks
from driehoek.models.saturated_maximum import saturated_maximum
from driehoek.problems import StudyError
from driehoek.psychometrics.cfa.sample import pattern_moments
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.reporting.labels import Labels
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.reporting.tables.imputation import model_tables
from tests.imputed_example import linked_tables, people_with_gaps, study_with_gaps
from tests.small_study import small_study

BLOCKS = [["x"], ["z", "kind"]]
LEVELS = {"kind": ["a", "b"]}


def people(n=200, seed=5):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(50, 10, n), rng.normal(0, 0.01, n)
    kind = rng.choice(["a", "b"], n)
    y = 3 + 0.1 * x - 40 * z + (kind == "b") + rng.normal(size=n) * (1 + abs(x - 50) / 20)
    return pd.DataFrame({"y": y, "x": x, "z": z, "kind": kind.astype(object)})


def b_of(table):
    rows = table[(table["statistic"] == "b") & (table["group"] == "block_2")]
    return rows.set_index("term")


@pytest.mark.parametrize(("errors", "robust"), [("jackknife", "HC3"), ("sandwich", "HC0")])
def test_with_nothing_missing_it_is_least_squares_with_errors_hc3_or_hc0(errors, robust):
    frame = people()
    ours = fit_full_information(frame, "y", BLOCKS, categorical=LEVELS, errors=errors)
    theirs = fit_blocks(frame, "y", BLOCKS, categorical=LEVELS, robust=robust)
    found, expected = b_of(ours.statistics), b_of(theirs.coefficients)
    assert list(found.index) == list(expected.index)
    for column in ("estimate", "se", "df", "ci_low", "ci_high", "p"):
        assert found[column].tolist() == pytest.approx(expected[column].tolist(), rel=1e-9)
    for name in ("wald_change", "wald_change_df2"):
        own, other = (
            table.set_index(["group", "statistic"]).loc[("block_2", name)]
            for table in (ours.statistics, theirs.blocks)
        )
        assert own["estimate"] == pytest.approx(other["estimate"], rel=1e-9)
        assert own["p"] == pytest.approx(other["p"], rel=1e-8, nan_ok=True)
    r2 = theirs.blocks.set_index(["group", "statistic"]).loc[("block_1", "r2"), "estimate"]
    own = ours.statistics.set_index(["group", "statistic"]).loc[("block_1", "r2"), "estimate"]
    assert own == pytest.approx(r2, rel=1e-8)


def test_with_only_the_outcome_missing_it_gives_what_complete_rows_give():
    frame = people()
    frame.loc[frame["x"] > 55, "y"] = np.nan
    ours = fit_full_information(frame, "y", BLOCKS, categorical=LEVELS)
    theirs = fit_blocks(frame, "y", BLOCKS, categorical=LEVELS)
    expected = b_of(theirs.coefficients)["estimate"].tolist()
    assert b_of(ours.statistics)["estimate"].tolist() == pytest.approx(expected, rel=1e-6)
    assert ours.n == 200 > theirs.n


def test_it_finds_what_complete_rows_miss_where_values_are_missing_at_random():
    rng = np.random.default_rng(2)
    n = 5_000
    x = rng.normal(size=n)
    y = 0.5 * x + rng.normal(size=n)
    x[y > 0.3] = np.nan  # whether the predictor is there depends on the outcome
    frame = pd.DataFrame({"y": y, "x": x})
    ours = fit_full_information(frame, "y", [["x"]]).statistics.set_index("term").loc["x"]
    theirs = fit_blocks(frame, "y", [["x"]]).coefficients
    complete = theirs[(theirs["statistic"] == "b") & (theirs["term"] == "x")]["estimate"].item()
    assert abs(ours["estimate"] - 0.5) < 3 * ours["se"] < 0.15
    assert complete < 0.35


def test_an_auxiliary_variable_narrows_the_interval_and_one_for_ten_outcomes_is_admitted():
    frame = people(60)
    rng = np.random.default_rng(1)
    frame["near"] = frame["y"] + rng.normal(size=60) * 0.1
    frame["constant"], frame["never"] = 1.0, np.nan
    for number in range(8):
        frame[f"noise{number}"] = rng.normal(size=60)
    frame.loc[rng.random(60) < 0.4, "y"] = np.nan
    helpers = ["constant", "never", "near", *(f"noise{number}" for number in range(8))]
    helped = fit_full_information(frame, "y", [["x"]], auxiliary=helpers)
    alone = fit_full_information(frame, "y", [["x"]])
    assert frame["y"].notna().sum() // 10 == 3
    assert helped.auxiliary == ("near", "noise0", "noise1")
    narrow, wide = (each.statistics.set_index("term").loc["x", "se"] for each in (helped, alone))
    assert narrow < 0.9 * wide


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"x": np.nan}, "no row has a value in all of x"),
        ({"y": 2.0}, "nothing to explain"),
        ({"y": lambda f: 2 * f["x"]}, "follow from the others"),
        ({"x": lambda f: f["x"].where(f["y"].isna())}, "do not determine"),
    ],
)
def test_what_cannot_be_fitted_is_said_in_words(changes, reason):
    frame = people()
    if callable(changes.get("x")):
        frame.loc[frame["z"] > 0, "y"] = np.nan
    with pytest.raises(TooFewDataError, match=reason):
        fit_full_information(frame.assign(**changes), "y", BLOCKS, categorical=LEVELS)


def test_a_product_of_variables_never_there_together_is_a_reason():
    frame = people()
    frame.loc[:100, "x"], frame.loc[101:, "z"] = np.nan, np.nan
    with pytest.raises(TooFewDataError, match="no row has a value in all of x, z"):
        fit_full_information(frame, "y", [["x*z"]])


def test_a_row_without_any_value_does_not_count():
    frame = people().assign(other=1.0)
    frame.loc[:9, ["y", "x", "z", "kind"]] = None
    fit = fit_full_information(frame, "y", BLOCKS, categorical=LEVELS, auxiliary=["other"])
    assert (fit.n, fit.n_excluded) == (190, 10)  # a constant is no auxiliary variable


def test_few_rows_and_a_single_cluster_are_reasons_and_few_clusters_a_note():
    four = people(4).assign(kind=["a", "b", "b", "a"])
    with pytest.raises(TooFewDataError, match="4 rows cannot carry the covariances of 4"):
        fit_full_information(four, "y", BLOCKS, categorical=LEVELS)
    frame = people().assign(one=1, few=np.arange(200) % 12)
    options = {"categorical": LEVELS, "errors": "sandwich"}
    seldom = frame.assign(y=frame["y"].where(frame.index < 4))
    with pytest.raises(TooFewDataError, match="4 rows with an outcome cannot carry 4 coeff"):
        fit_full_information(seldom, "y", BLOCKS, categorical=LEVELS)
    with pytest.raises(TooFewDataError, match="one cluster"):
        fit_full_information(frame, "y", BLOCKS, clusters="one", **options)
    fit = fit_full_information(frame, "y", BLOCKS, clusters="few", **options)
    assert any("only 12 clusters" in note for note in fit.notes)
    assert set(b_of(fit.statistics)["df"]) == {11}
    tests = fit.statistics.set_index(["statistic", "group"])["estimate"]
    # Hotelling: 11 less two coefficients, plus one.
    assert tests["wald_change_df2", "block_2"] == 10


def test_more_new_coefficients_than_clusters_can_test_are_a_reason():
    frame = people().assign(few=np.arange(200) % 2)
    fit = fit_full_information(frame, "y", BLOCKS, categorical=LEVELS, clusters="few")
    test = fit.statistics.set_index(["statistic", "group"]).loc[("wald_change", "block_2")]
    assert np.isnan(test["estimate"])
    assert test["reason"] == "too few clusters test 2 coefficients together"


def with_gaps(n, clusters):
    frame = people(n).assign(cluster=np.arange(n) % clusters)
    rng = np.random.default_rng(7)
    for name in ("y", "x", "z"):
        frame.loc[rng.random(n) < 0.2, name] = np.nan
    return frame


def moves(frame, units):
    """Refit without each unit, and sum the squared moves of the coefficients."""

    def b(rows):
        fit = fit_full_information(rows, "y", BLOCKS, categorical=LEVELS, errors="model")
        return b_of(fit.statistics)["estimate"]

    whole = b(frame)
    return np.sqrt(sum((b(frame[units != unit]) - whole) ** 2 for unit in units.unique()))


@pytest.mark.parametrize("clusters", [None, "cluster"])
@pytest.mark.parametrize("n", [40, 150])
def test_the_jackknife_is_that_of_refits_without_each_row_or_cluster(n, clusters):
    frame = with_gaps(n, 14)
    ours = fit_full_information(frame, "y", BLOCKS, categorical=LEVELS, clusters=clusters)
    kept = frame[frame[["y", "x", "z"]].notna().any(axis="columns")]
    units = kept["cluster"] if clusters else pd.Series(kept.index, index=kept.index)
    refitted = moves(kept, units)
    # Newton stops at a step of 1e-6 standard deviations.
    assert b_of(ours.statistics)["se"].tolist() == pytest.approx(refitted.tolist(), rel=1e-8)


def test_small_first_steps_are_near_enough_to_refits():
    frame = with_gaps(1_500, 1)
    values = frame[["y", "x", "z"]].to_numpy()
    values = values[~np.isnan(values).all(axis=1)]
    joint = fit_joint_normal(values, errors="jackknife")
    data = pattern_moments((values - joint.centre) / joint.scale)
    gaps = []
    for row in range(0, data.n, 50):
        left = saturated_maximum(pattern_moments(np.delete(data.answers, row, axis=0)))
        ours = joint.without.sigma[row] - joint.moments.sigma
        exact = left.sigma - joint.moments.sigma
        gaps.append(np.abs(ours - exact).max() / np.abs(exact).max())
    assert 1e-6 < max(gaps) < 2e-2  # some took no second step
    assert np.mean(gaps) < 3e-3


def test_with_nothing_missing_clusters_give_cr3():
    frame = people().assign(cluster=np.arange(200) % 23)
    ours = fit_full_information(frame, "y", BLOCKS, categorical=LEVELS, clusters="cluster")
    x = np.column_stack([np.ones(200), frame["x"], frame["z"], frame["kind"] == "b"])

    def b(rows):
        return np.linalg.lstsq(x[rows], frame["y"][rows].to_numpy(), rcond=None)[0]

    whole = b(frame["cluster"] >= 0)
    refits = np.array([b(frame["cluster"] != unit) - whole for unit in range(23)])
    expected = np.sqrt((refits**2).sum(axis=0))
    assert b_of(ours.statistics)["se"].tolist() == pytest.approx(expected.tolist(), rel=1e-8)
    loads = x @ np.linalg.inv(x.T @ x)
    own = pd.DataFrame(loads**2).groupby(frame["cluster"]).sum()
    df = (own.sum() ** 2 / (own**2).sum()).clip(upper=22)
    assert b_of(ours.statistics)["df"].tolist() == pytest.approx(df.tolist(), rel=1e-8)


def test_degrees_of_freedom_with_clusters_are_near_those_of_cr2():
    frame = people(120).assign(cluster=np.arange(120) // 2)
    frame["kind"] = frame["kind"].where(frame.index >= 100, "a")  # a rare category
    options = {"categorical": LEVELS, "clusters": "cluster"}
    ours = fit_full_information(frame, "y", BLOCKS, **options)
    theirs = fit_blocks(frame, "y", BLOCKS, **options)
    found, expected = b_of(ours.statistics)["df"], b_of(theirs.coefficients)["df"]
    assert found["kind[b]"] < 15 < found["z"]
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), rel=0.2)
    below = theirs.blocks.set_index(["group", "statistic"])["estimate"]
    own = ours.statistics.set_index(["group", "statistic"])["estimate"]
    place = ("block_2", "wald_change_df2")
    assert own[place] == pytest.approx(below[place], rel=0.3)


def test_rows_without_outcome_do_not_add_degrees_of_freedom():
    frame = people(60).assign(cluster=np.arange(60) // 2)
    more = people(30, seed=9).assign(cluster=np.arange(100, 130), y=np.nan)
    options = {"categorical": LEVELS, "clusters": "cluster"}
    alone = fit_full_information(frame, "y", BLOCKS, **options)
    joined = fit_full_information(pd.concat([frame, more]), "y", BLOCKS, **options)
    pair = [b_of(each.statistics)["df"].tolist() for each in (alone, joined)]
    assert pair[1] == pytest.approx(pair[0], rel=1e-8)


def test_where_a_row_alone_determines_a_category_there_is_no_jackknife_and_a_reason(tmp_path):
    frame = people().assign(kind=["b", *["a"] * 199])
    fit = fit_full_information(frame, "y", BLOCKS, categorical=LEVELS)
    rows = b_of(fit.statistics)
    assert rows["estimate"].notna().all()
    assert rows["se"].isna().all()
    assert rows["reason"].str.contains("a category that only one row has").all()
    said = Labels(study_with_gaps(tmp_path), "nl").sentence(rows["reason"].iloc[0])
    assert said.startswith("De jackknife bestaat hier niet: zonder één van de rijen")
    r2 = fit.statistics[fit.statistics["statistic"] == "r2"]
    assert (r2["reason"] == "").all()
    plain = fit_full_information(frame, "y", BLOCKS, categorical=LEVELS, errors="sandwich")
    assert b_of(plain.statistics)["se"].notna().all()


def test_products_and_choices_with_gaps_are_named():
    frame = people()
    frame.loc[:20, "z"], frame.loc[10:40, "kind"] = np.nan, None
    fit = fit_full_information(frame, "y", [["x*z", "kind"]], categorical=LEVELS)
    (note,) = [each for each in fit.notes if "of their own" in each]
    assert note.startswith("x:z, kind[b] have values missing")


MORE = """  imputation: {lost: LOST, dont_know: DONT_KNOW}
  models:
    late:
      kind: linear
      wave: w2
      outcome: carer.warmth
      blocks: [[carer.hours, seeker.age]]
      missing: [complete, imputation, full_information]
disclosure: {min_cell: 1}
"""


def fitted(folder, lost="impute", dont_know="keep", change=None):
    text = "\nplan:\n" + MORE.replace("LOST", lost).replace("DONT_KNOW", dont_know)
    folder.mkdir()
    study = small_study(folder, text)
    waves = people_with_gaps(40)
    if change is not None:
        change(waves)
    linked = linked_tables(study, waves)
    found = full_information_models(linked.long, linked.missing, study, {})
    return study, linked, found


def test_who_missed_the_wave_takes_part_unless_lost_waves_are_kept(tmp_path):
    _, _, found = fitted(tmp_path / "a")
    _, _, kept = fitted(tmp_path / "b", lost="keep")
    n, n_kept = (table[table["statistic"] == "b"]["n"].iloc[0] for table in (found, kept))
    assert n - n_kept == 8  # every fifth of 40 carers stops
    notes = found[found["statistic"] == "note"]["reason"].tolist()
    # Hours are those of the wave before, so that they have nothing of their own to add.
    assert "auxiliary variables: carer.warmth.before, seeker.age.before" in notes


def test_a_member_whom_a_triad_never_had_is_not_made_up(tmp_path):
    def without_two_seekers(waves):
        for people_of in waves.values():
            gone = {"s1", "s3"}
            people_of[:] = [each for each in people_of if each["person"] not in gone]

    _, _, whole = fitted(tmp_path / "a")
    _, _, fewer = fitted(tmp_path / "b", change=without_two_seekers)
    n, n_fewer = (table[table["statistic"] == "b"]["n"].iloc[0] for table in (whole, fewer))
    assert n - n_fewer == 2
    out = fewer[fewer["statistic"] == "excluded"].set_index("term")["estimate"]
    assert out["missing: seeker.age"] == 2


@pytest.mark.parametrize("language", ["nl", "en"])
def test_full_information_stands_beside_complete_rows_in_the_report(tmp_path, language):
    study = study_with_gaps(tmp_path)
    given = study.settings.plan.models["warm"]
    warm = given.model_copy(update={"missing": ["complete", "full_information"]})
    study.settings.plan.models["warm"] = warm
    linked = linked_tables(study, people_with_gaps(40))
    tables = {
        "models": models(linked.long, linked.triads, study),
        "models_full_information": full_information_models(linked.long, linked.missing, study, {}),
    }
    for name, table in tables.items():
        write_csv(tmp_path / f"{name}.csv", table)
    results = read_results(tmp_path / f"{name}.csv" for name in tables)
    (table,) = model_tables(gather(study, results, language), "warm")
    word = "Full information" if language == "en" else "Volledige informatie"
    assert table.spans()[1:3] == [(word, 4)]
    heading, *rows = table.rows
    assert heading.is_heading
    assert len(rows) == 3
    assert all(cell.written(language) not in {"", "–"} for row in rows for cell in row.cells)
    words = {"en": "leaves out each row in turn", "nl": "telkens één rij weglaat"}
    assert sum(words[language] in note for note in table.notes) == 1


@pytest.mark.parametrize(
    ("errors", "method"),
    [
        ("HC0", "sandwich"), ("HC3", "jackknife"), ("HC4", "jackknife"),
        ("cluster", "jackknife_cluster"), ("cluster_cr1s", "sandwich_cluster"),
    ],
)  # fmt: skip
def test_the_errors_of_the_model_decide_between_jackknife_and_sandwich(tmp_path, errors, method):
    study = study_with_gaps(tmp_path)
    given = study.settings.plan.models["warm"]
    update = {"missing": ["complete", "full_information"], "errors": errors}
    study.settings.plan.models["warm"] = given.model_copy(update=update)
    linked = linked_tables(study, people_with_gaps(40))
    found = full_information_models(linked.long, linked.missing, study, {})
    rows = found[found["statistic"] == "b"]
    assert set(rows["method"]) == {f"full_information_{method}"}
    assert rows["se"].notna().all()


def test_full_information_of_another_kind_or_without_complete_rows_is_refused(tmp_path):
    plan = """
plan:
  models:
    over: {kind: mixed, persons: all, outcome: carer.warmth, blocks: [[wave]],
      missing: [complete, full_information]}
    alone: {kind: linear, wave: w1, outcome: carer.warmth, blocks: [[carer.hours]],
      missing: [full_information]}
"""
    with pytest.raises(StudyError) as fault:
        small_study(tmp_path, plan)
    assert "full_information is there for kind: linear only; write [complete]" in str(fault.value)
    assert "write [complete, full_information]" in str(fault.value)
