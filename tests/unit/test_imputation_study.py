"""Imputation and full information find what is true (short form of the simulation study)."""

import pytest

from driehoek.job import generator
from driehoek.simulation.imputation_sample import draw_sample, small_study
from driehoek.simulation.imputation_study import markdown, population_values, run, verdict

SEED = 20261122
REPLICATIONS = 12


@pytest.fixture(scope="module")
def table():
    return run(replications=REPLICATIONS, sizes=[60], mechanisms=["mar"], cores=1, seed=SEED)


WAYS = pytest.mark.parametrize("method", ["imputation", "full_information"])


@WAYS
def test_bias_with_gaps_stays_within_chance(table, method):
    found = table[table["method"] == method]
    # Four Monte-Carlo standard errors: with 12 replications Student's t has 11 df.
    assert len(found) == 3
    assert (found["bias"].abs() < 4 * found["bias_se"]).all()
    assert (found["failed"] == 0).all()


@WAYS
def test_intervals_cover_with_gaps(table, method):
    found = table[table["method"] == method]
    # At .95 fewer than 8 of 12 happen once in 30,000.
    assert (found["coverage"] >= 8 / REPLICATIONS).all()


@WAYS
def test_intervals_are_narrower_than_those_of_complete_rows(table, method):
    width = table.pivot_table(index="term", columns="method", values="width")
    slopes = width.drop(index="intercept")
    assert (slopes["whole"] < slopes[method]).all()
    assert slopes[method].mean() < slopes["complete"].mean()


def test_the_same_seed_gives_the_same_figures_and_the_verdict_counts_them(table):
    line, _ = verdict(table)
    assert line.startswith(f"imputation: {REPLICATIONS} replications of 3 figures")
    assert "| mar | 60 | imputation | `carer.trust` |" in markdown(table)


def test_who_stops_had_more_burden_where_answers_are_missing_at_random():
    study = small_study(SEED)
    rng = generator(SEED, "stops")
    sample = draw_sample(study, 400, rng)
    gaps = sample.with_gaps("mar", rng)
    first = sample.long[sample.long["wave"] == "w1"].set_index("person")["burden"]
    stayed = set(gaps.long.loc[gaps.long["wave"] == "w2", "person"])
    is_gone = ~first.index.isin(stayed)
    assert first[is_gone].mean() > first[~is_gone].mean() + 0.3
    assert gaps.long["trust1c"].isna().sum() > 0


def test_effects_of_the_population_are_those_put_in():
    truth = population_values(SEED)
    assert truth["carer.trust"] < truth["seeker.trust"] < 0
