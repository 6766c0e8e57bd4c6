"""Persons who differ in change: closed forms, recovery, the test of slopes, and reasons."""

import numpy as np
import pandas as pd
import pytest

from driehoek.models.errors import TermError
from driehoek.models.mixed import fit_random_intercepts
from driehoek.psychometrics.errors import TooFewDataError

TIMES = np.array([0.0, 0.5, 1.0])


def simulate(n_triads, *, sd_slope, seed, carers=1):
    rng = np.random.default_rng(seed)
    n = n_triads * carers
    level, change = rng.normal(0, 0.6, n), rng.normal(0, sd_slope, n)
    triad = np.repeat(np.arange(n_triads), carers)
    shared = rng.normal(0, 0.4, n_triads)[triad] if carers > 1 else np.zeros(n)
    frame = pd.DataFrame(
        {
            "triad": np.repeat(triad, 3),
            "person": np.repeat(np.arange(n), 3),
            "time": np.tile(TIMES, n),
        }
    )
    means = (shared + level)[:, None] + (0.3 + change)[:, None] * TIMES
    return frame.assign(burden=3 + (means + rng.normal(0, 0.5, (n, 3))).ravel())


def fit(frame, *terms, **options):
    options = {"slope": "time", **options}
    return fit_random_intercepts(
        frame, "burden", terms or ["time"], triad="triad", person="person", **options
    )


def parts(model):
    return model.components.set_index("statistic")["estimate"]


def test_balanced_data_give_the_two_stage_estimates():
    """With equal times REML of b is the mean of the persons' own lines (Laird & Ware, 1982)."""
    frame = simulate(60, sd_slope=0.8, seed=3)
    lines = np.array([np.polyfit(TIMES, y, 1) for _, y in frame.groupby("person")["burden"]])
    model = fit(frame)
    slope, level = lines.mean(axis=0)
    assert model.coefficients["estimate"].tolist() == pytest.approx([level, slope], rel=1e-9)
    # Each line's covariance is that of persons plus its own error; pooled residuals give the rest.
    design = np.column_stack([np.ones(3), TIMES])
    rest = frame["burden"].to_numpy().reshape(60, 3) - lines[:, ::-1] @ design.T
    residual = (rest**2).sum() / 60
    own = np.cov(lines[:, ::-1].T) - residual * np.linalg.inv(design.T @ design)
    found = parts(model)
    assert found["variance_residual"] == pytest.approx(residual, rel=1e-4)
    assert found["variance_person"] == pytest.approx(own[0, 0], rel=1e-4)
    assert found["variance_slope"] == pytest.approx(own[1, 1], rel=1e-4)
    # Kenward and Roger's t is then exact: that of a mean of the persons' slopes, on n - 1.
    time = model.coefficients.iloc[1]
    assert time["se"] == pytest.approx(lines[:, 0].std(ddof=1) / np.sqrt(60), rel=1e-5)
    assert time["df"] == pytest.approx(59, rel=1e-4)


def test_unequal_unbalanced_rows_give_the_likelihood_of_the_whole_covariance_matrix():
    frame = simulate(20, sd_slope=0.8, seed=8, carers=2).sample(frac=0.8, random_state=2)
    frame = frame.sort_values(["triad", "person", "time"])
    found = parts(model := fit(frame))
    x = np.column_stack([np.ones(len(frame)), frame["time"]])
    triad, person = frame["triad"].to_numpy(), frame["person"].to_numpy()
    t, y = frame["time"].to_numpy(), frame["burden"].to_numpy()
    covarying = found["correlation_slope"] * np.sqrt(
        found["variance_person"] * found["variance_slope"]
    )
    of_person = (
        found["variance_person"]
        + covarying * (t[:, None] + t)
        + found["variance_slope"] * np.outer(t, t)
    )
    v = found["variance_triad"] * (triad[:, None] == triad)
    v = v + of_person * (person[:, None] == person) + found["variance_residual"] * np.eye(len(y))
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    b = np.linalg.solve(information, x.T @ inverse @ y)
    rest = y - x @ b
    value = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1] + rest @ inverse @ rest
    value += (len(y) - 2) * np.log(2 * np.pi)
    assert found["log_likelihood"] == pytest.approx(-value / 2, abs=1e-9)
    assert model.coefficients["estimate"].tolist() == pytest.approx(b.tolist(), rel=1e-9)


def test_intervals_of_the_change_cover_and_variances_are_found_again():
    """At 40 persons the 95 % interval of the mean change covers within 3 Monte-Carlo errors."""
    n = 200
    models = [fit(simulate(40, sd_slope=0.8, seed=seed)) for seed in range(n)]
    times = [model.coefficients.iloc[1] for model in models]
    covered = np.mean([each["ci_low"] <= 0.3 <= each["ci_high"] for each in times])
    assert abs(covered - 0.95) < 3 * np.sqrt(0.95 * 0.05 / n)
    slopes = np.array([parts(model)["variance_slope"] for model in models])
    assert abs(slopes.mean() - 0.64) < 3 * slopes.std(ddof=1) / np.sqrt(n)


def test_the_test_of_slopes_keeps_its_level_and_has_power():
    """The mixture of chi-squares rejects 5 % where nobody differs in change."""
    n = 200

    def share(sd_slope):
        fits = [
            fit(simulate(60, sd_slope=sd_slope, seed=900 + i), tests="normal") for i in range(n)
        ]
        p = [each.components.set_index("statistic").loc["lr_slope", "p"] for each in fits]
        return np.mean(np.array(p) < 0.05)

    assert abs(share(0.0) - 0.05) < 3 * np.sqrt(0.05 * 0.95 / n)
    assert share(1.0) > 0.9


def test_without_differences_the_model_is_that_of_intercepts():
    frame = simulate(60, sd_slope=0.0, seed=901)
    found, plain = fit(frame), fit(frame, slope=None)
    assert parts(found)["lr_slope"] >= 0
    difference = parts(found)["log_likelihood"] - parts(plain)["log_likelihood"]
    assert parts(found)["lr_slope"] == pytest.approx(2 * difference, abs=1e-9)


def test_what_slopes_need_is_said_in_words():
    frame = simulate(20, sd_slope=0.5, seed=1)
    with pytest.raises(TermError, match="not among the terms"):
        fit(frame.assign(wave=frame["time"]), "wave")
    two = frame[frame["time"] < 0.9]
    with pytest.raises(TooFewDataError, match="no person has three rows"):
        fit(two)
    with pytest.raises(ValueError, match="beside crossed units"):
        fit(frame.assign(who=frame["person"] % 5), crossed="who")


def test_rows_in_any_order_give_the_same_figures():
    frame = simulate(30, sd_slope=0.8, seed=4, carers=2)
    mixed = frame.sample(frac=1, random_state=3)
    first, second = fit(frame), fit(mixed)
    assert parts(first).tolist() == pytest.approx(parts(second).tolist(), rel=1e-6)
