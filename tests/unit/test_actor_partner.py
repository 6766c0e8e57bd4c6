"""Actor-partner models: what they find, refuse and say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from driehoek.models import actor_partner
from driehoek.models.actor_partner import fit_actor_partner
from driehoek.models.member_moments import moment_rows
from driehoek.models.member_rows import MemberRows, member_rows
from driehoek.models.statistic import Statistic, statistics_frame
from driehoek.models.structures import exchangeable, independent, stable_and_occasion, unstructured
from driehoek.problems import StudyError
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.study import read_study

ROOT = Path(__file__).parents[2]
ROLES = ("seeker", "carer", "professional")


def simulate(n, *, waves=1, roles=ROLES, seed=1, actor=0.5, partner=0.3, shared=0.6):
    rng = np.random.default_rng(seed)
    rows = []
    for triad in range(n):
        level = rng.normal(size=len(roles))
        lasting = shared * rng.normal() + 0.4 * rng.normal(size=len(roles))
        for wave in range(waves):
            x = 3 + level + rng.normal(size=len(roles))
            others = x.sum() - x
            y = 2 + actor * x + partner * others + lasting + shared * rng.normal()
            y += 0.6 * rng.normal(size=len(roles))
            rows.append([triad, f"w{wave + 1}", *x, *y])
    names = [f"{kind}_{role}" for kind in "xy" for role in roles]
    return pd.DataFrame(rows, columns=["triad", "wave", *names])


def fit(frame, roles=ROLES, **options):
    options = {"n_boot": 0, **options}
    return fit_actor_partner(
        frame, {r: f"y_{r}" for r in roles}, {r: f"x_{r}" for r in roles}, triad="triad",
        rng=np.random.default_rng(7), **options,
    )  # fmt: skip


def over_waves(frame, **options):
    waves = sorted(frame["wave"].unique())
    return fit(frame, wave="wave", waves=waves, **options)


def test_actor_and_partner_effects_are_found_again():
    table = fit(simulate(600)).coefficients
    for term, value in {"actor": 0.5, "partner": 0.3}.items():
        rows = table[table["term"].str.startswith(term)]
        assert len(rows) == (3 if term == "actor" else 6)
        assert (((rows["estimate"] - value) / rows["se"]).abs() < 3.5).all()


def test_intervals_cover_and_tests_err_as_often_as_they_should_with_thirty_triads():
    """3 Monte-Carlo standard errors about .95 and .05 in 150 studies of 30 triads."""
    covered, refused = [], []
    for seed in range(150):
        fitted = fit(simulate(30, seed=seed, roles=ROLES[:2]), ROLES[:2])
        rows = fitted.coefficients[fitted.coefficients["term"] == "actor"]
        covered += ((rows["ci_low"] < 0.5) & (rows["ci_high"] > 0.5)).tolist()
        tests = fitted.tests.set_index("statistic")
        refused.append(tests.loc["f_actor_equal", "p"] < 0.05)
    assert np.mean(covered) == pytest.approx(0.95, abs=3 * (0.95 * 0.05 / 300) ** 0.5)
    assert np.mean(refused) == pytest.approx(0.05, abs=3 * (0.95 * 0.05 / 150) ** 0.5)


def test_members_with_a_missing_outcome_leave_the_others_in():
    frame = simulate(80)
    frame.loc[:9, "y_carer"] = np.nan
    frame.loc[10:14, "x_seeker"] = np.nan
    fitted = fit(frame)
    assert fitted.n == 3 * 80 - 10 - 15
    assert fitted.n_excluded == 25
    reasons = dict(zip(fitted.excluded["reason"], fitted.excluded["n"], strict=True))
    assert reasons == {"no outcome": 10, "a member's predictor is missing": 15}


def test_the_ratio_is_given_only_where_the_actor_effect_is_not_zero():
    table = fit(simulate(150), n_boot=60).ratios
    assert (table["ci_low"] < table["estimate"]).all()
    assert table["estimate"].to_numpy() == pytest.approx(np.full(6, 0.6), abs=0.6)
    none = fit(simulate(150, actor=0.0), n_boot=20).ratios
    held = none[none["reason"] != ""]
    assert len(held) >= 4
    assert held["estimate"].isna().all()
    assert "has no meaning" in held["reason"].iloc[0]


def with_professionals(n, *, seed=1, each=5):
    """Let each professional have some triads, and make predictors and outcomes alike in them."""
    frame = simulate(n, seed=seed, roles=ROLES[:2], actor=1.5)
    rng = np.random.default_rng([seed, 2])
    frame["professional"] = frame["triad"] // each
    for column in ("x_seeker", "x_carer", "y_seeker", "y_carer"):
        frame[column] += 1.5 * rng.normal(size=n)[frame["professional"]]
    return frame


def test_triads_that_share_a_professional_widen_intervals_and_keep_the_estimates():
    frame = with_professionals(200)
    alone, tied = (
        fit(frame, ROLES[:2], clusters=each, n_boot=100) for each in (None, "professional")
    )
    assert not alone.is_clustered
    assert tied.is_clustered
    same = ["group", "term", "estimate"]
    pd.testing.assert_frame_equal(tied.coefficients[same], alone.coefficients[same])
    wider = tied.coefficients["se"] / alone.coefficients["se"]
    assert wider[tied.coefficients["term"] == "intercept"].min() > 1.5
    assert wider.min() > 0.8
    assert (tied.coefficients["df"] < 40).all()
    assert set(tied.coefficients["method"]) == {"gls_unstructured_cr2"}
    assert "take triads as independent" in " ".join(tied.notes)
    assert tied.ratios["method"].str.endswith("100 samples of clusters of triads").all()
    widths = [(each.ratios["ci_high"] - each.ratios["ci_low"]).mean() for each in (alone, tied)]
    assert widths[1] > 1.2 * widths[0]


def test_nobody_shared_gives_what_no_clusters_give():
    frame = simulate(60).assign(own=lambda wide: "p" + wide["triad"].astype(str))
    tied, alone = (fit(frame, clusters=each, n_boot=20) for each in ("own", None))
    assert not tied.is_clustered
    pd.testing.assert_frame_equal(tied.coefficients, alone.coefficients)
    pd.testing.assert_frame_equal(tied.ratios, alone.ratios)


def test_a_sample_takes_all_triads_of_a_professional_as_often():
    frame = with_professionals(20)
    rows = member_rows(
        frame, {r: f"y_{r}" for r in ROLES[:2]}, {r: f"x_{r}" for r in ROLES[:2]},
        triad="triad", wave=None, waves=(), clusters="professional",
    )  # fmt: skip
    sample, taken = rows.resampled(np.array([2, 0, 1, 0]))
    assert np.bincount(rows.triads[taken]).tolist() == [4] * 5 + [0] * 5 + [2] * 5
    assert sample.n_triads == 15


def test_triads_that_one_professional_ties_into_one_cluster_are_refused():
    frame = simulate(40).assign(professional="p")
    with pytest.raises(TooFewDataError, match="belong to one cluster"):
        fit(frame, clusters="professional")


def test_clusters_too_large_to_compute_are_refused(monkeypatch):
    monkeypatch.setattr(actor_partner, "MOST_IN_CLUSTER", 9)
    with pytest.raises(TooFewDataError, match="tie 10 rows together"):
        fit(with_professionals(40), ROLES[:2], clusters="professional")


def test_two_professionals_cannot_test_two_contrasts_together():
    frame = simulate(40)
    tests = fit(frame.assign(professional=frame["triad"] // 20), clusters="professional").tests
    (row,) = tests[tests["statistic"] == "f_actor_equal"].to_dict("records")
    assert np.isnan(row["estimate"])
    assert row["reason"] == "too few clusters test 2 coefficients together"
    by_name = tests.set_index("statistic")["reason"]
    assert by_name["f_independent"] == "too few clusters test 3 coefficients together"
    assert by_name["f_spread_equal"] == "too few clusters test 2 coefficients together"


def test_with_clusters_every_likelihood_ratio_has_a_robust_test_beside_it():
    frame = with_professionals(40)
    tied = fit(frame, ROLES[:2], clusters="professional").tests
    robust = {"f_distinguishable", "f_spread_equal", "f_independent"}
    assert robust < set(tied["statistic"])
    alone = set(fit(frame, ROLES[:2]).tests["statistic"])
    assert alone & robust == {"f_distinguishable"}


def test_residuals_by_cluster_give_t_tests_of_their_products_and_spread():
    """Closed form: one triad a cluster, two members, all complete."""
    rng = np.random.default_rng(3)
    e = rng.normal(size=(30, 2)) @ [[1.0, 0.5], [0.0, 1.4]]
    triads, members = np.repeat(np.arange(30), 2), np.tile([0, 1], 30)
    rows = MemberRows(
        e.ravel(), np.zeros((60, 2)), members, np.zeros(60, dtype=np.int64), triads, triads,
        triads.astype(np.intp), 0, pd.DataFrame(),
    )  # fmt: skip
    found = statistics_frame(
        moment_rows(e.ravel(), rows, 2, Statistic("", np.nan, 60, 0, ""))
    ).set_index("statistic")
    product = e[:, 0] * e[:, 1]
    t = product.mean() / (product.std(ddof=1) / np.sqrt(30))
    assert found.loc["f_independent", "estimate"] == pytest.approx(t**2)
    assert found.loc["f_independent_df2", "estimate"] == 29
    spread = (e**2).mean(axis=0)
    parts = (e**2 / spread) @ [1, -1]
    t = np.log(spread[0] / spread[1]) / (parts.std(ddof=1) / np.sqrt(30))
    assert found.loc["f_spread_equal", "estimate"] == pytest.approx(t**2)


def test_members_who_are_alike_are_not_told_apart_because_they_share_a_professional():
    """60 studies of 100 triads under 20 professionals: at .05 more than 8 happen once in 500."""
    refused = {"lr_distinguishable": 0, "f_distinguishable": 0}
    rng = np.random.default_rng(8)
    for _ in range(60):
        professional = np.arange(100) // 5
        x, e = (
            rng.normal(size=(100, 2))[professional] * 0.7 + rng.normal(size=(100, 2)) * 0.7
            for _ in range(2)
        )
        y = 0.5 * x + e
        frame = pd.DataFrame(
            np.column_stack([x, y]), columns=["x_seeker", "x_carer", "y_seeker", "y_carer"]
        ).assign(triad=np.arange(100), professional=professional)
        tests = fit(frame, ROLES[:2], clusters="professional").tests.set_index("statistic")
        for name in refused:
            refused[name] += int(tests.loc[name, "p"] < 0.05)
    assert refused["f_distinguishable"] <= 8 < refused["lr_distinguishable"]


def test_the_same_seed_gives_the_same_intervals():
    frame = simulate(60)
    first, second = (fit(frame, n_boot=30).ratios for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_predictors_are_parted_over_three_waves():
    table = over_waves(simulate(200, waves=3), has_parts=True).coefficients
    assert {"actor_within", "actor_between", "partner_carer_within"} <= set(table["term"])
    rows = table[table["term"].str.startswith("actor")]
    assert rows["estimate"].to_numpy() == pytest.approx(np.full(6, 0.5), abs=0.25)


def test_parts_need_three_waves():
    with pytest.raises(TooFewDataError, match="need 3"):
        over_waves(simulate(40, waves=2), has_parts=True)


def test_a_free_covariance_of_nine_places_is_refused_with_twelve_triads():
    with pytest.raises(TooFewDataError, match=r"12 triads cannot carry 45 variances"):
        over_waves(simulate(12, waves=3), covariance="unstructured")


def test_twelve_triads_carry_the_simpler_covariance_of_a_dyad():
    roles = ROLES[:2]
    frame = simulate(12, roles=roles)
    assert (fit(frame, roles).coefficients["df"] < 12).all()


def test_a_member_that_is_never_there_is_named():
    frame = simulate(40)
    frame["y_professional"] = np.nan
    with pytest.raises(TooFewDataError, match="rows of the professional cannot carry"):
        fit(frame)


def test_members_that_never_meet_have_no_covariance():
    frame = simulate(60, roles=ROLES[:2])
    frame.loc[:29, "y_carer"] = np.nan
    frame.loc[30:, "y_seeker"] = np.nan
    with pytest.raises(TooFewDataError, match="never stand in one triad"):
        fit(frame, ROLES[:2])


def test_a_constant_predictor_is_named():
    frame = simulate(40)
    frame["x_carer"] = 3.0
    with pytest.raises(TooFewDataError, match="partner_carer is the same in every row"):
        fit(frame)


@pytest.mark.parametrize(
    ("structure", "n_parameters"),
    [
        (unstructured(9), 45),
        (stable_and_occasion(3, 3), 12),
        (stable_and_occasion(3, 1), 6),
        (exchangeable(3), 2),
        (exchangeable(3, 3), 4),
        (independent(unstructured(9), 3), 18),
        (independent(stable_and_occasion(3, 3), 3), 6),
    ],
)
def test_a_structure_is_linear_in_as_many_parameters_as_it_says(structure, n_parameters):
    changes = structure.derivatives()
    assert structure.n_parameters == len(changes) == n_parameters
    flat = changes.reshape(n_parameters, -1)
    assert np.linalg.matrix_rank(flat) == n_parameters
    rng = np.random.default_rng(3)
    parts = [np.cov(rng.normal(size=(size, 20))).reshape(size, size) for size in structure.sizes]
    elements = [part[np.tril_indices(len(part))] for part in parts]
    value = np.einsum("i,iab->ab", np.concatenate(elements), changes)
    assert structure.spread(parts) == pytest.approx(value)


PLAN = """
    couple:
      kind: actor_partner
      outcome: {seeker: OUTCOME, carer: carer.tasks}
      predictor: {seeker: seeker.trust.about_carer, carer: carer.trust.about_seeker}
      wave: w1
"""


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("seeker.burden", "somebody else's state"),
        ("carer.tasks", "holds answers of the carer"),
        ("seeker.taskz", "did you mean 'seeker.tasks'"),
    ],
)
def test_an_outcome_by_proxy_or_of_another_is_refused(write_study, outcome, said):
    with pytest.raises(StudyError, match=said):
        read_study(write_study(PLAN.replace("OUTCOME", outcome)))


def test_a_plan_of_members_own_outcomes_is_accepted(write_study):
    study = read_study(write_study(PLAN.replace("OUTCOME", "seeker.tasks")))
    assert study.settings.plan.models["couple"].outcomes == ["seeker.tasks", "carer.tasks"]


@pytest.fixture
def write_study(tmp_path):
    """Write the demo study with one more model."""

    def write(model):
        text = (ROOT / "config" / "study.yaml").read_text(encoding="utf-8")
        text = text.replace("../instruments", (ROOT / "instruments").as_posix())
        path = tmp_path / "study.yaml"
        path.write_text(text.replace("  models:\n", "  models:" + model, 1), encoding="utf-8")
        return path

    return write
