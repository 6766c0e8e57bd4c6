"""The random-intercept model: closed forms, boundaries and reasons."""

import math

import numpy as np
import pandas as pd
import pytest

from driehoek.models.errors import TermError
from driehoek.models.mixed import fit_random_intercepts
from driehoek.psychometrics.errors import TooFewDataError


def simulate(n_triads, *, sd_triad=1.0, sd_person=1.0, seed=5):
    rng = np.random.default_rng(seed)
    n = n_triads * 9
    triad = np.repeat(np.arange(n_triads), 9)
    person = np.repeat(np.arange(n_triads * 3), 3)
    frame = pd.DataFrame({"triad": triad, "person": person, "wave": np.tile([0, 1, 2], n // 3)})
    frame["trust"] = rng.normal(size=n)
    effects = rng.normal(0, sd_triad, n_triads)[triad] + rng.normal(0, sd_person, n)[person]
    frame["burden"] = 5 + 0.5 * frame["wave"] + effects + rng.normal(size=n)
    return frame


def fit(frame, *terms, **options):
    return fit_random_intercepts(
        frame, "burden", terms or ["wave"], triad="triad", person="person", **options
    )


def parts(model):
    return model.components.set_index("statistic")["estimate"]


def test_balanced_data_give_the_variances_of_the_analysis_of_variance():
    """REML is the ANOVA estimate for balanced nested data (Searle et al., 1992, chapter 4)."""
    frame = simulate(30)
    y = (frame["burden"] - frame.groupby("wave")["burden"].transform("mean")).to_numpy()
    cells = y.reshape(30, 3, 3)
    persons = cells.mean(axis=2)
    triads = persons.mean(axis=1)
    ms_triad = 9 * (triads**2).sum() / 29
    ms_person = 3 * ((persons - triads[:, None]) ** 2).sum() / 60
    ms_residual = ((cells - persons[..., None]) ** 2).sum() / (270 - 90 - 2)
    frame["second"], frame["third"] = frame["wave"] == 1, frame["wave"] == 2
    found = parts(fit(frame, "second", "third"))
    # The optimiser differentiates numerically: some six digits of a variance are left.
    assert found["variance_residual"] == pytest.approx(ms_residual, rel=1e-5)
    assert found["variance_person"] == pytest.approx((ms_person - ms_residual) / 3, rel=1e-5)
    assert found["variance_triad"] == pytest.approx((ms_triad - ms_person) / 9, rel=1e-5)


def restricted_likelihood(v, x, y):
    """Give REML's log-likelihood, the coefficients and their information, from the whole of V."""
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    b = np.linalg.solve(information, x.T @ inverse @ y)
    residual = y - x @ b
    parts_of = [np.linalg.slogdet(v)[1], np.linalg.slogdet(information)[1]]
    constant = (len(y) - x.shape[1]) * math.log(2 * math.pi)
    return -0.5 * (constant + sum(parts_of) + residual @ inverse @ residual), b, information


def test_the_likelihood_is_that_of_the_whole_covariance_matrix():
    frame = simulate(12).sample(frac=0.8, random_state=1)
    model = fit(frame, "wave", "trust")
    found = parts(model)
    x = np.column_stack([np.ones(len(frame)), frame["wave"], frame["trust"]])
    y = frame["burden"].to_numpy()
    same = {name: frame[name].to_numpy()[:, None] == frame[name].to_numpy() for name in frame}
    v = found["variance_residual"] * np.eye(len(y))
    v += found["variance_triad"] * same["triad"] + found["variance_person"] * same["person"]
    expected, b, information = restricted_likelihood(v, x, y)
    assert found["log_likelihood"] == pytest.approx(expected, abs=1e-8)
    assert model.coefficients["estimate"].to_numpy() == pytest.approx(b, rel=1e-9)
    model = fit(frame, "wave", "trust", tests="normal")
    expected_se = np.sqrt(np.diag(np.linalg.inv(information)))
    assert model.coefficients["se"].to_numpy() == pytest.approx(expected_se, rel=1e-9)


def with_professionals(n_triads, n_professionals, sd=1.0):
    frame = simulate(n_triads)
    rng = np.random.default_rng(8)
    frame["professional"] = rng.integers(0, n_professionals, n_triads)[frame["triad"]]
    frame["burden"] += sd * rng.normal(size=n_professionals)[frame["professional"]]
    return frame


def test_the_likelihood_of_crossed_effects_is_that_of_the_whole_covariance_matrix():
    frame = with_professionals(30, 8).sample(frac=0.8, random_state=1)
    model = fit(frame, "wave", "trust", crossed="professional", tests="normal")
    found = parts(model)
    x = np.column_stack([np.ones(len(frame)), frame["wave"], frame["trust"]])
    y = frame["burden"].to_numpy()
    v = found["variance_residual"] * np.eye(len(y))
    for name, column in {"triad": "triad", "person": "person", "crossed": "professional"}.items():
        same = frame[column].to_numpy()[:, None] == frame[column].to_numpy()
        v += found[f"variance_{name}"] * same
    expected, b, _ = restricted_likelihood(v, x, y)
    assert found["log_likelihood"] == pytest.approx(expected, abs=1e-8)
    assert model.coefficients["estimate"].to_numpy() == pytest.approx(b, rel=1e-9)


def test_crossed_persons_who_share_no_triad_are_refused():
    frame = simulate(10)
    for name, column in {"triad": frame["triad"] + 5, "person": frame["person"] + 5}.items():
        with pytest.raises(TooFewDataError, match=f"belongs to one {name}"):
            fit(frame.assign(professional=column), crossed="professional")


def test_a_crossed_effect_that_is_not_there_is_a_singular_fit_in_words():
    frame = simulate(30, sd_triad=0)
    frame["burden"] -= frame.groupby("triad")["burden"].transform("mean")
    model = fit(frame.assign(professional=frame["triad"] % 7), crossed="professional")
    assert model.is_singular
    assert any("the variance between crossed units is estimated" in note for note in model.notes)


def test_parts_that_nobody_ties_together_are_taken_together_without_a_difference(monkeypatch):
    frame = with_professionals(30, 25)
    whole = fit(frame, "wave", "trust", crossed="professional")
    monkeypatch.setattr("driehoek.models.crossed_tests.CHUNK", 1)
    parted = fit(frame, "wave", "trust", crossed="professional")
    for column in ("se", "df"):
        expected = whole.coefficients[column].to_numpy()
        assert parted.coefficients[column].to_numpy() == pytest.approx(expected, rel=1e-9)


def test_too_many_rows_tied_together_leave_the_normal_distribution_and_a_note(monkeypatch):
    monkeypatch.setattr("driehoek.models.crossed_tests.LARGEST_PART", 20)
    model = fit(with_professionals(20, 4), crossed="professional")
    assert model.coefficients["method"].eq("reml_z").all()
    assert any("rest on the normal distribution" in note for note in model.notes)


def test_known_parameters_are_found_again():
    model = fit(simulate(400, sd_triad=0.8, sd_person=1.2, seed=9), "wave", "trust")
    rows = model.coefficients.set_index("term")
    truth = pd.Series({"intercept": 5, "wave": 0.5, "trust": 0})
    assert ((rows["estimate"] - truth).abs() < 3 * rows["se"]).all()
    found = parts(model)
    # Standard errors of the two ICCs at 400 triads are about .03.
    assert found["icc_triad"] == pytest.approx(0.64 / 3.08, abs=0.09)
    assert found["icc_person"] == pytest.approx(2.08 / 3.08, abs=0.09)
    assert (model.n, model.n_persons, model.n_triads) == (3600, 1200, 400)
    assert model.is_converged
    assert not model.is_singular


def test_intervals_rest_on_the_normal_distribution_where_asked_and_say_so():
    row = fit(simulate(30), confidence=0.9, tests="normal").coefficients.iloc[1]
    half = 1.6448536269514722 * row["se"]
    assert row["ci_high"] - row["estimate"] == pytest.approx(half)
    assert math.isinf(row["df"])
    assert row["method"] == "reml_z"
    assert row["p"] == pytest.approx(math.erfc(abs(row["estimate"] / row["se"]) / math.sqrt(2)))


def test_triads_that_are_no_more_alike_than_strangers_give_a_zero_in_words():
    frame = simulate(40, sd_triad=0)
    frame["burden"] -= frame.groupby("triad")["burden"].transform("mean")
    model = fit(frame)
    assert parts(model)["variance_triad"] == 0
    assert model.is_singular
    assert model.is_converged
    assert any("variance between triads is estimated at zero" in note for note in model.notes)


def test_no_likeness_at_all_equals_least_squares():
    frame = simulate(40)
    frame["burden"] -= frame.groupby("person")["burden"].transform("mean")
    model = fit(frame, "trust")
    assert parts(model)[["variance_triad", "variance_person"]].tolist() == [0, 0]
    slope = np.polyfit(frame["trust"], frame["burden"], 1)[0]
    assert model.coefficients["estimate"][1] == pytest.approx(slope)


def test_the_order_of_rows_and_the_names_of_triads_do_not_matter():
    frame = simulate(25)
    mixed = frame.sample(frac=1, random_state=2)
    mixed["triad"], mixed["person"] = "t" + mixed["triad"].astype(str), -mixed["person"]
    ours, plain = fit(mixed, "wave", "trust"), fit(frame, "wave", "trust")
    assert ours.coefficients["se"].to_numpy() == pytest.approx(plain.coefficients["se"], rel=1e-5)
    assert parts(ours).to_numpy() == pytest.approx(parts(plain).to_numpy(), rel=1e-5)


def test_a_large_mean_does_not_cost_digits():
    frame = simulate(25)
    far = frame.assign(burden=frame["burden"] + 1e6)
    expected = parts(fit(frame))["variance_person"]
    assert parts(fit(far))["variance_person"] == pytest.approx(expected, rel=1e-4)


def test_a_missing_wave_leaves_the_other_waves_of_the_person():
    frame = simulate(20)
    frame.loc[[0, 5], "burden"] = np.nan
    frame.loc[[7], "person"] = np.nan
    model = fit(frame)
    assert (model.n, model.n_excluded, model.n_persons) == (177, 3, 60)
    assert model.excluded.to_numpy().tolist() == [["missing: burden", 2], ["missing: person", 1]]


def test_a_person_in_several_triads_is_pointed_out():
    frame = simulate(20)
    frame["person"] = frame["person"].where(frame["person"] % 3 != 2, 2)
    model = fit(frame)
    assert model.n_persons == 60
    assert any(note.startswith("1 person(s) stand in several triads") for note in model.notes)


def test_a_constant_predictor_has_a_reason():
    model = fit(simulate(20).assign(trust=3), "wave", "trust")
    row = model.coefficients.iloc[-1]
    assert row["term"] == "trust"
    assert "same in every row" in row["reason"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f[f["wave"] == 0], "no person has two rows"),
        (lambda f: f[f["triad"] == 0], "one triad"),
        (lambda f: f.assign(burden=1.0), "burden is 1 in all 90 rows"),
        (lambda f: f.assign(burden=2.0 * f["wave"]), "reproduce the outcome exactly"),
        (lambda f: f.assign(burden=f["person"] % 7), "the same in all rows of every person"),
        (lambda f: f[:5], "5 complete rows cannot carry 2 coefficients and three variances"),
        (lambda f: f.assign(burden=None), "no row has a value in all of"),
        (lambda f: f.assign(wave=np.nan), "no row has a value in all of"),
    ],
)
def test_a_model_that_cannot_be_fitted_says_why(change, message):
    with pytest.raises(TooFewDataError, match=message):
        fit(change(simulate(10)))


def test_all_faults_of_the_names_are_listed_at_once():
    with pytest.raises(TermError) as caught:
        fit_random_intercepts(
            simulate(5), "burden", ["wave", "burden"], triad="group", person="who"
        )
    assert [problem.expression for problem in caught.value.problems] == ["group", "who", "burden"]


def test_an_outcome_of_words_is_refused():
    with pytest.raises(TermError, match="'burden': it holds text"):
        fit(simulate(5).assign(burden="much"))


def test_one_person_a_triad_leaves_the_persons_variance_alone():
    """Cross-checked with statsmodels, whose optimiser arrives here."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    rng = np.random.default_rng(5)
    person = np.repeat(np.arange(60), 3)
    x = rng.normal(size=180)
    y = 1 + 0.5 * x + rng.normal(size=60)[person] + rng.normal(size=180)
    frame = pd.DataFrame({"triad": person, "person": person, "x": x, "y": y})
    fit = fit_random_intercepts(frame, "y", ["x"], triad="triad", person="person", tests="normal")
    other = MixedLM(y, np.column_stack([np.ones(180), x]), person).fit(reml=True)
    b = fit.coefficients["estimate"].to_numpy()
    np.testing.assert_allclose(b, other.fe_params, rtol=1e-5)  # both stop near the optimum
    np.testing.assert_allclose(fit.coefficients["se"], other.bse_fe, rtol=1e-4)
    components = fit.components.set_index("statistic")["estimate"]
    assert components["variance_triad"] == 0
    assert components["variance_person"] == pytest.approx(float(other.cov_re[0, 0]), rel=1e-4)
    assert not fit.is_singular
    assert any("every triad has one person" in note for note in fit.notes)
