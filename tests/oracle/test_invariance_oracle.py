"""Invariance ladders against lavaan and semTools (tests/oracle/cfa/generate.R)."""

import pandas as pd
import pytest
from oracle.cfa_reference import BFI, HOLZINGER, answers, assert_fit_agrees, stored

from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.cfa.score_tests import modification_indices
from driehoek.psychometrics.invariance import invariance_ladder
from driehoek.psychometrics.invariance_bias import dmacs
from driehoek.psychometrics.invariance_within import Occasions, within_ladder

pytestmark = pytest.mark.oracle

DIFFERENCE = 1e-3  # relative for chi-square, absolute for p


def assert_ladder_agrees(ladder, expected):
    for level, reference in expected["fits"].items():
        # With several groups lavaan's robust CFI of ordered items differs: robust_ordinal.py.
        if ladder.fits[level].estimator == "WLSMV":
            reference = {k: v for k, v in reference.items() if not k.endswith("i.robust")}
        assert_fit_agrees(ladder.fits[level].fit, reference)
    rows = ladder.table.set_index("level")
    for level, reference in expected["differences"].items():
        assert rows.loc[level, "chisq_difference"] == pytest.approx(
            reference["chisq"], rel=DIFFERENCE
        )
        assert rows.loc[level, "df_difference"] == reference["df"]
        assert rows.loc[level, "p_difference"] == pytest.approx(reference["p"], abs=DIFFERENCE)


@pytest.mark.parametrize(
    ("name", "estimator", "data"),
    [
        ("ladder_ml", "ML", "holzinger.csv"),
        ("ladder_mlr", "MLR", "holzinger.csv"),
        ("ladder_fiml_mlr", "FIML+MLR", "holzinger_missing.csv"),
    ],
)
def test_ladder_by_school_agrees(name, estimator, data):
    model = FactorModel(HOLZINGER)
    ladder = invariance_ladder(answers(data), model, groups="school", estimator=estimator)
    assert_ladder_agrees(ladder, stored("holzinger.json")[name])


@pytest.mark.parametrize(("name", "estimator"), [("continuous", "ML"), ("continuous_mlr", "MLR")])
def test_ladder_of_five_factors_by_gender_agrees(name, estimator):
    data = answers("bfi.csv").dropna()
    ladder = invariance_ladder(data, FactorModel(BFI), groups="gender", estimator=estimator)
    assert_ladder_agrees(ladder, stored("bfi_invariance.json")[name])


def test_thresholds_first_ladder_of_ordinal_items_agrees():
    data = answers("bfi.csv").dropna()
    ladder = invariance_ladder(data, FactorModel(BFI), groups="gender", estimator="WLSMV")
    expected = stored("bfi_invariance.json")["ordinal"]
    assert_ladder_agrees(ladder, expected["ladder"])
    reference = pd.DataFrame(expected["scalar"]).query("op == '~1' and group == 2")
    found = ladder.fits["scalar"].parameters().query("group == '2' and op == '~1' and is_free")
    means = dict(zip(reference["lhs"], reference["est"], strict=True))
    errors = dict(zip(reference["lhs"], reference["se"], strict=True))
    assert len(found) == 5
    for row in found.itertuples():
        assert row.estimate == pytest.approx(means[row.lhs], rel=1e-3, abs=1e-4)
        assert row.se == pytest.approx(errors[row.lhs], rel=1e-3)


def test_carers_by_sex_lose_fit_at_the_scalar_step(shared):
    path = shared / "data" / "eurofamcare" / "efc.csv"
    if not path.is_file():
        pytest.skip("the EUROFAMCARE file is absent")
    items = [f"c{80 + k}cop{k - 1}" for k in range(3, 9)]
    data = pd.read_csv(path)[[*items, "c161sex"]].dropna()
    ladder = invariance_ladder(data, FactorModel({"burden": items}), groups="c161sex")
    assert_ladder_agrees(ladder, stored("cope.json")["ladder_mlr"])
    rows = ladder.table.set_index("level")
    assert rows["cfi"].round(3).tolist()[:3] == [0.958, 0.952, 0.940]
    assert rows.loc["metric", "holds_cheung_rensvold"]
    assert not rows.loc["scalar", "holds_cheung_rensvold"]


@pytest.mark.parametrize(("name", "estimator"), [("continuous", "FIML+MLR"), ("ordinal", "WLSMV")])
def test_ladder_across_waves_agrees(name, estimator):
    columns = {w: {f"a{k}": f"a{k}_{w}" for k in range(1, 5)} for w in ("w1", "w2")}
    occasions = Occasions({"f": ["a1", "a2", "a3", "a4"]}, columns)
    ladder = within_ladder(answers("waves.csv"), occasions, estimator=estimator)
    assert_ladder_agrees(ladder, stored("waves.json")[name])
    assert ladder.highest_level == "metric"  # the third item's intercept was shifted


@pytest.mark.parametrize(
    ("name", "options"),
    [("continuous", {}), ("ordinal", {"estimator": "WLSMV", "parameterisation": "theta"})],
)
def test_effect_sizes_of_item_bias_agree_with_integrals_over_lavaans_estimates(name, options):
    model = FactorModel({letter: BFI[letter] for letter in "EN"})
    fit = fit_cfa(answers("bfi.csv").dropna(), model, groups="gender", **options)
    expected = pd.DataFrame(stored("effects.json")[name]).set_index("item")
    found = dmacs(fit).set_index("item")
    assert list(found.index) == list(expected.index)
    for column in ("dmacs", "difference"):  # estimates agree to 1e-4
        assert found[column].to_numpy() == pytest.approx(expected[column].to_numpy(), abs=3e-4)


def test_modification_indices_agree():
    reference = pd.DataFrame(stored("holzinger.json")["ml_indices"])
    fit = fit_cfa(answers("holzinger.csv"), FactorModel(HOLZINGER))
    found = modification_indices(fit).set_index(["lhs", "op", "rhs"])
    assert len(found) == len(reference) == 54
    for row in reference.itertuples():
        ours = found.loc[(row.lhs, row.op, row.rhs)]
        assert ours["statistic"] == pytest.approx(row.mi, abs=1e-3)
        assert ours["expected_change"] == pytest.approx(row.epc, abs=1e-4)
