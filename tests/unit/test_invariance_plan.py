"""Ladders of invariance of a study: what is compared, what is refused, where reading stops."""

import numpy as np
import pandas as pd
import pytest
from reporting_example import INSTRUMENT, STUDY

from driehoek.analysis.invariance import invariance
from driehoek.problems import StudyError
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.invariance import invariance_ladder
from driehoek.study import read_study

ITEMS = ["tru1", "tru2", "tru3", "tru4"]
REVERSED = "tru2"


@pytest.fixture
def study(tmp_path):
    def made(ladder, *, instrument=INSTRUMENT):
        (tmp_path / "instrument.yaml").write_text(instrument, encoding="utf-8")
        text = STUDY.replace("plan:\n", f"plan:\n  invariance: {{ladder: {{{ladder}}}}}\n")
        (tmp_path / "study.yaml").write_text(text, encoding="utf-8")
        return read_study(tmp_path / "study.yaml")

    return made


def respondents(n, *, shift=0.0, waves=("w1",), seed=8):
    """Draw triads of a carer and a seeker; item 3 is shifted where the relation is 2."""
    rng = np.random.default_rng(seed)
    blocks = []
    shared = rng.normal(size=n)
    relation = np.where(np.arange(n) % 2, 2.0, 1.0)
    for wave in waves:
        for role, letter in (("carer", "c"), ("seeker", "s")):
            level = 0.7 * shared + 0.7 * rng.normal(size=n)
            block = {"triad": [f"t{i}" for i in range(n)], "wave": wave, "role": role}
            block |= {"person": [f"t{i}{letter}" for i in range(n)], "is_primary": True}
            block |= {"relation": relation if role == "carer" else np.nan}
            for item in ITEMS:
                moved = shift * (relation == 2) if item == "tru3" else 0
                raw = np.round(3 + 0.9 * level + moved + 0.6 * rng.normal(size=n))
                raw = np.clip(raw, 1, 5)
                block[item + letter] = 6 - raw if item == REVERSED else raw
            blocks.append(pd.DataFrame(block))
    return pd.concat(blocks, ignore_index=True)


def found(table, statistic, **about):
    rows = table[table["statistic"] == statistic]
    for column, value in about.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, rows
    return rows.iloc[0]


GROUPS = "scores: carer.trust, across: carer.relation, estimator: MLR, missing: complete"


def test_groups_are_compared_as_by_the_library(study):
    persons = respondents(400)
    table = invariance(persons, study(GROUPS))
    carers = persons[persons["role"] == "carer"]
    items = carers[[f"{item}c" for item in ITEMS]].assign(tru2c=6 - carers["tru2c"])
    model = FactorModel({"giving": ["tru1c", "tru2c"], "receiving": ["tru3c", "tru4c"]})
    ladder = invariance_ladder(items, model, groups=carers["relation"], estimator="MLR")
    for row in ladder.table.to_dict("records"):
        assert found(table, "chi2", group=row["level"])["estimate"] == row["chisq"]
        assert found(table, "cfi", group=row["level"])["estimate"] == row["cfi"]
    assert found(table, "highest_level")["term"] == ladder.highest_level
    sizes = table[table["statistic"] == "n_compared"].set_index("term")
    assert sizes["n"].to_dict()["1"] == 200
    assert "fewer than" in sizes["reason"].to_dict()["3"]


def test_reading_stops_where_an_intercept_differs_and_the_search_finds_it(study):
    table = invariance(respondents(600, shift=1.2), study(GROUPS))
    assert found(table, "holds", group="metric")["estimate"] == 1
    scalar = found(table, "holds", group="scalar")
    assert scalar["estimate"] == 0
    assert "stops here" in scalar["reason"]
    assert "not interpreted" in found(table, "holds", group="strict")["reason"]
    released = table[table["statistic"] == "released"]
    assert list(released["term"]) in (["tru3c ~1"], ["tru4c ~1"])  # two items: either will do
    assert released["reason"].str.startswith("exploratory").all()
    assert table[table["statistic"] == "latent_mean_difference"].empty


def test_a_difference_of_the_marker_shows_in_the_effect_size_of_the_item_beside_it(study):
    table = invariance(respondents(500, shift=1.0), study(GROUPS))
    sizes = table[table["statistic"] == "dmacs"].set_index("term")["estimate"]
    assert sizes["tru4c"] > 0.4 > sizes["tru2c"]
    marker = found(table, "dmacs", term="tru3c")
    assert (marker["estimate"], marker["reason"][:15]) == (pytest.approx(0), "0 by constructi")


def test_means_are_given_where_intercepts_are_equal(study):
    table = invariance(respondents(400), study(GROUPS))
    means = table[table["statistic"] == "latent_mean_difference"]
    assert set(means["term"]) == {"giving", "receiving"}
    assert (means["p"] > 0.001).all()


def test_roles_stand_in_one_row_a_triad_with_parallel_items_only(study):
    modified = INSTRUMENT.replace(
        "  tru4:\n    response: agree5", "  tru4:\n    response: agree5\n    type: modified"
    )
    plan = study("scores: [carer.trust, seeker.trust], across: roles", instrument=modified)
    table = invariance(respondents(250), plan)
    configural = found(table, "chi2", group="configural")
    assert configural["n"] == 250
    assert "one factor, MLR, full information, one row a triad" in configural["method"]
    assert configural["df"] == 6 * 7 / 2 - (4 + 6 + 3 + 3)
    assert found(table, "n_items")["estimate"] == 3
    assert set(table.loc[table["statistic"] == "n_compared", "term"]) == {
        "carer about seeker",
        "seeker about carer",
    }


def test_an_item_that_carers_answer_otherwise_is_found_within_triads(study):
    persons = respondents(600)
    carers = persons["role"] == "carer"
    persons.loc[carers, "tru3c"] = (persons.loc[carers, "tru3c"] - 1.2).round().clip(1, 5)
    plan = study("scores: [carer.trust, seeker.trust], across: roles, estimator: MLR")
    table = invariance(persons, plan)
    released = table[table["statistic"] == "released"]
    assert set(released["term"]) <= {"tru3 ~1", "tru4 ~1"}  # two items: either will do
    assert not released.empty
    assert released["reason"].str.startswith("exploratory").all()
    assert found(table, "partial_holds", group="scalar")["estimate"] == 1
    sizes = table[table["statistic"] == "dmacs"].set_index("term")
    assert set(sizes["group"]) == {"seeker about carer"}
    assert sizes.loc["tru4", "estimate"] > 0.4 > sizes.loc["tru2", "estimate"]
    assert found(table, "item_bias", term="tru2")["estimate"] == pytest.approx(0, abs=0.2)
    assert table[table["statistic"] == "latent_mean_difference"].empty


def test_factor_means_of_roles_are_compared_where_intercepts_are_equal(study):
    persons = respondents(500)
    seekers = persons["role"] == "seeker"
    for item in ITEMS:
        moved = -1 if item == REVERSED else 1
        persons.loc[seekers, f"{item}s"] = (persons.loc[seekers, f"{item}s"] + moved).clip(1, 5)
    plan = study("scores: [carer.trust, seeker.trust], across: roles, estimator: MLR")
    table = invariance(persons, plan)
    if found(table, "highest_level")["term"] in {"scalar", "strict"}:
        means = table[table["statistic"] == "latent_mean_difference"]
        assert set(means["group"]) == {"seeker about carer"}
        assert (means["ci_low"] > 0).all()


def test_ordered_answers_of_groups_have_effect_sizes_too(study):
    ordered = GROUPS.replace("MLR", "WLSMV")
    table = invariance(respondents(800, shift=0.6), study(ordered))
    sizes = table[table["statistic"] == "dmacs"].set_index("term")
    assert sizes.loc["tru4c", "estimate"] > 0.3 > sizes.loc["tru2c", "estimate"]
    assert sizes.loc["tru3c", "reason"].startswith("small by construction")


def test_waves_stand_in_one_row_a_person(study):
    persons = respondents(250, waves=("w1", "w2"))
    gone = (persons["wave"] == "w2") & (np.arange(len(persons)) % 5 == 0)
    table = invariance(persons[~gone], study("scores: carer.trust, across: waves"))
    configural = found(table, "chi2", group="configural")
    assert configural["n"] == 250
    assert found(table, "n_compared", term="w2")["n"] == 200
    assert found(table, "holds", group="strict")["estimate"] == 1


def test_too_small_a_sample_ends_in_a_reason(study):
    few = invariance(respondents(60), study(GROUPS))
    assert "fewer than two groups" in found(few, "chi2")["reason"]
    roles = study("scores: [carer.trust, seeker.trust], across: roles")
    assert "60 usable rows at carer" in found(invariance(respondents(60), roles), "chi2")["reason"]


@pytest.mark.parametrize(
    ("ladder", "said"),
    [
        ("scores: carer.trst, across: waves", "unknown variable 'carer.trst'"),
        ("scores: carer.hours, across: waves", "is no score"),
        ("scores: carer.trust, across: carer.hours", "cannot compare across"),
        ("scores: carer.trust, across: carer.relaton", "'carer.relation'"),
        ("scores: carer.trust, across: waves, wave: w1", "wave: w1"),
        ("scores: carer.trust, across: carer.relation, wave: w9", "unknown wave"),
        ("scores: [carer.trust, carer.burden], across: roles", "two or more roles on one scale"),
        ("scores: carer.trust, across: roles", "two or more roles on one scale"),
        ("scores: [carer.trust.giving, seeker.trust.giving], across: roles", "2 parallel items"),
        ("scores: [carer.trust, seeker.trust], across: waves", "2 scores"),
        ("scores: carer.trust, across: waves, estimator: MLE", "MLR"),
    ],
)  # fmt: skip
def test_a_ladder_that_cannot_be_is_refused_with_its_line(study, ladder, said):
    with pytest.raises(StudyError) as caught:
        study(ladder)
    assert said in str(caught.value)
    assert all(problem.line is not None for problem in caught.value.problems)
