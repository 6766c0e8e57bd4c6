"""Alpha, item-rest and omega against psych and lavaan (tests/oracle/reliability/*.R)."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.one_factor import fit_one_factor
from driehoek.psychometrics.reliability import (
    cronbach_alpha,
    item_statistics,
    omega_total,
)
from driehoek.psychometrics.resampling_units import pattern_moments, rows_and_units

pytestmark = pytest.mark.oracle

HERE = Path(__file__).parent / "reliability"
STORED = json.loads((HERE / "results.json").read_text(encoding="utf-8"))
CLOSED_FORM = 1e-12  # both sum the same numbers in float64; R wrote 15 digits
OPTIMUM = 2e-6  # lavaan's optimiser stops within about 1e-6 of the maximum
COPE = ["c83cop2", "c84cop3", "c85cop4", "c86cop5", "c87cop6", "c88cop7"]

ALPHAS = [(name, use) for name, uses in STORED["alpha"].items() for use in uses]
OMEGAS = [
    (name, missing)
    for name, kinds in STORED["omega"].items()
    for missing in kinds
    if name != "heywood"
]


def _items(name):
    if name == "bfi_inventory":
        people = pd.read_csv(HERE / "data" / "bfi_neuroticism.csv")
        return people[people["answered_all"] == 1].drop(columns="answered_all")
    return pd.read_csv(HERE / "data" / f"{name}.csv").drop(columns="answered_all", errors="ignore")


@pytest.mark.parametrize(("name", "use"), ALPHAS)
def test_alpha_and_its_interval_agree_with_psych(name, use):
    expected = STORED["alpha"][name][use]
    alpha = cronbach_alpha(_items(name), use=use)
    found = (alpha.estimate, alpha.standardised, alpha.mean_inter_item_r, alpha.n_respondents)
    keys = ("raw", "standardised", "mean_r", "n")
    assert found == pytest.approx([expected[key] for key in keys], rel=CLOSED_FORM)
    interval = [expected["ci_low"], expected["ci_high"]]
    assert [alpha.ci_low, alpha.ci_high] == pytest.approx(interval, rel=1e-9)  # R's qf


@pytest.mark.parametrize(("name", "use"), ALPHAS)
def test_item_statistics_agree_with_psych(name, use):
    expected = STORED["alpha"][name][use]
    found = item_statistics(_items(name), use=use)
    for column, key in [("mean", "mean"), ("sd", "sd"), ("alpha_if_dropped", "if_dropped")]:
        assert found[column].tolist() == pytest.approx(expected[key], rel=CLOSED_FORM), column
    assert found["item_rest"].tolist() == pytest.approx(expected["r_drop"], rel=CLOSED_FORM)


def test_alpha_of_neuroticism_is_the_published_figure():
    """Figures printed by psych for the 2436 complete rows of the bfi."""
    alpha = cronbach_alpha(_items("bfi_inventory"))
    assert (alpha.n_respondents, alpha.estimate) == (2436, pytest.approx(0.8169469, abs=5e-8))
    assert alpha.ci_low == pytest.approx(0.805197, abs=5e-7)
    assert alpha.ci_high == pytest.approx(0.828194, abs=5e-7)


@pytest.mark.parametrize(("name", "missing"), OMEGAS)
def test_omega_and_loadings_agree_with_lavaan(name, missing):
    expected = STORED["omega"][name][missing]
    omega = omega_total(_items(name), missing=missing, n_boot=0, rng=np.random.default_rng(1))
    assert omega.n_respondents == expected["n"]
    assert omega.estimate == pytest.approx(expected["omega"], rel=OPTIMUM)
    assert omega.loadings == pytest.approx(expected["loadings"], rel=5e-6)
    assert omega.error_variances == pytest.approx(expected["errors"], rel=5e-6)


def test_the_item_with_lavaans_negative_error_variance_is_named():
    expected = STORED["omega"]["heywood"]["complete"]["errors"]
    assert expected[0] < 0
    with pytest.raises(TooFewDataError, match=rf"'a'.*{expected[0]:.2f}.*Heywood"):
        omega_total(_items("heywood"), n_boot=0, rng=np.random.default_rng(1))


@pytest.mark.parametrize(
    ("name", "columns", "stored"),
    [
        ("holzinger", ["x4", "x5", "x6", "x7"], "resamples"),
        ("bfi_planned", ["N1", "N2", "N3", "N4", "N5"], "planned_resamples"),
    ],
)
def test_resamples_fitted_together_equal_lavaan_one_by_one(name, columns, stored):
    values = _items(name)[columns].to_numpy(dtype=float)
    rows = np.array(STORED[stored]["rows"]) - 1
    drawn = np.array([np.bincount(sample, minlength=len(values)) for sample in rows], dtype=float)
    answered = ~np.isnan(values).all(axis=1)
    kept = values[answered]
    answers = rows_and_units(kept, np.arange(len(kept)))
    start = fit_one_factor(pattern_moments(answers, np.ones((1, len(kept)))))
    fits = fit_one_factor(pattern_moments(answers, drawn[:, answered]), start=start)
    assert fits.admissible.all()
    assert fits.omega.tolist() == pytest.approx(STORED[stored]["omega"], rel=OPTIMUM)


def test_cope_items_of_eurofamcare_give_the_figures_found_with_psych_and_lavaan(shared):
    """Figures of R, printed to the digits given (research/instruments.md, section 4)."""
    path = shared / "data" / "eurofamcare" / "efc.csv"
    if not path.is_file():
        pytest.skip("no EUROFAMCARE file in ../shared/data/eurofamcare")
    carers = pd.read_csv(path)
    items = carers[COPE]
    complete, pairwise = cronbach_alpha(items), cronbach_alpha(items, use="pairwise")
    assert (complete.n_respondents, pairwise.n_respondents) == (894, 902)
    assert complete.estimate == pytest.approx(0.784944, abs=5e-7)
    assert pairwise.estimate == pytest.approx(0.7843595, abs=5.1e-8)
    assert pairwise.standardised == pytest.approx(0.7838899, abs=5.1e-8)
    assert pairwise.mean_inter_item_r == pytest.approx(0.3767705, abs=5.1e-8)
    table = item_statistics(items, use="pairwise")
    dropped = [0.7491, 0.7447, 0.7414, 0.7717, 0.7672, 0.7307]  # fifth: psych 2.2.9 gives .767193
    assert table["alpha_if_dropped"].tolist() == pytest.approx(dropped, abs=5e-5)
    rest = [0.5483, 0.5632, 0.5749, 0.4447, 0.4700, 0.6148]
    assert table["item_rest"].tolist() == pytest.approx(rest, abs=5e-5)
    with_sex = items[carers["c161sex"].notna()]
    omega = omega_total(with_sex, n_boot=0, rng=np.random.default_rng(1))
    assert (omega.n_respondents, omega.estimate) == (893, pytest.approx(0.79477, abs=5e-6))


@pytest.mark.r
def test_a_fresh_run_of_r_gives_the_stored_results(tmp_path):
    rscript = shutil.which("Rscript")
    if rscript is None:
        pytest.skip("no Rscript on this machine")
    needed = 'for (p in c("psych", "lavaan", "jsonlite")) stopifnot(requireNamespace(p))'
    if subprocess.run([rscript, "-e", needed], capture_output=True, check=False).returncode:
        pytest.skip("R lacks psych, lavaan or jsonlite")
    fresh = tmp_path / "results.json"
    command = [rscript, HERE / "reliability.R", HERE / "data", fresh]
    subprocess.run(command, check=True, capture_output=True)
    found = json.loads(fresh.read_text(encoding="utf-8"))
    if found["versions"] != STORED["versions"]:
        pytest.skip(f"R here is {found['versions']}, the stored results {STORED['versions']}")
    assert _flat(found) == pytest.approx(_flat(STORED), rel=1e-6)


def _flat(tree):
    if isinstance(tree, dict):
        return [leaf for key in sorted(tree) if key != "versions" for leaf in _flat(tree[key])]
    if isinstance(tree, list):
        return [leaf for branch in tree for leaf in _flat(branch)]
    return [tree]
