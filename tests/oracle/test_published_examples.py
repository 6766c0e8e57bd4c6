"""Published examples of an actor-partner model and of a mediation, from their moments.

The estimates of both follow from means and covariances alone, so data with the moments of the
originals stand for them: nobody's answers are kept here.
"""

import numpy as np
import pandas as pd
import pytest

from driehoek.models.actor_partner import fit_actor_partner
from driehoek.models.mediation import fit_mediation

pytestmark = pytest.mark.oracle

PRINTED = 5e-7  # nlme prints seven significant digits or so
THREE_DECIMALS = 5e-4


def with_moments(n, names, means, covariance):
    """Draw rows whose means and covariances are these to the last digit."""
    drawn = np.random.default_rng(1).normal(size=(n, len(means)))
    drawn -= drawn.mean(axis=0)
    white = drawn @ np.linalg.inv(np.linalg.cholesky(np.cov(drawn.T))).T
    rows = white @ np.linalg.cholesky(np.array(covariance)).T + np.array(means)
    return pd.DataFrame(rows, columns=names)


@pytest.fixture(scope="module")
def couples():
    """Give 148 couples: how positive each sees the other (x), and satisfaction (y).

    Acitelli (1997), doi:10.1177/0265407597142007.
    """
    names = ["x_husband", "x_wife", "y_husband", "y_wife"]
    means = [4.281081081081081, 4.245945945945946, 3.618243243243243, 3.591216216216217]
    covariance = [
        [0.2246736532450817, 0.0580180180180180, 0.1105288962431819, 0.0941410798553655],
        [0.0580180180180180, 0.2732487589630449, 0.0961175461175461, 0.1218575718575718],
        [0.1105288962431819, 0.0961175461175461, 0.2132476864619722, 0.1525951972380543],
        [0.0941410798553655, 0.1218575718575718, 0.1525951972380543, 0.2809276112847540],
    ]
    return with_moments(148, names, means, covariance)


def test_a_published_actor_partner_model_is_found_again(couples):
    """Kenny and Garcia's workshop, R nlme: gls by REML, "distinguishable, two intercepts"."""
    published = {
        ("husband", "actor"): (0.4243866, 0.0677157),
        ("wife", "actor"): (0.3777000, 0.0739222),
        ("husband", "partner_wife"): (0.2616498, 0.0614025),
        ("wife", "partner_husband"): (0.3214782, 0.0815225),
    }
    outcome = {role: f"y_{role}" for role in ("husband", "wife")}
    predictor = {role: f"x_{role}" for role in ("husband", "wife")}
    fit = fit_actor_partner(
        couples.assign(couple=range(148)), outcome, predictor, triad="couple",
        rng=np.random.default_rng(1), n_boot=0,
    )  # fmt: skip
    rows = fit.coefficients.set_index(["group", "term"])
    for key, (b, se) in published.items():
        assert rows.loc[key, "estimate"] == pytest.approx(b, abs=PRINTED)
        assert rows.loc[key, "se"] == pytest.approx(se, abs=PRINTED)
        assert rows.loc[key, "df"] == pytest.approx(145, rel=1e-6)  # exact with complete couples
    parts = fit.components.set_index(["statistic", "group"])["estimate"]
    assert parts["residual_sd", "wife"] == pytest.approx(0.455478, abs=PRINTED)
    assert parts["residual_sd", "husband"] == pytest.approx(0.455478 * 0.8306377, abs=PRINTED)
    assert parts.xs("residual_r").item() == pytest.approx(0.4751092, abs=PRINTED)
    likelihood = parts.xs("log_likelihood").item()
    assert likelihood == pytest.approx(-150.1108, abs=5e-5)


def test_a_published_mediation_is_found_again():
    """Presumed media influence: Tal-Or and others (2010), doi:10.1177/0093650210362684.

    Worked in Hayes (2018, Introduction to mediation, chapter 3): a .477, b .506, c' .254,
    c .496, ab .241.
    """
    names = ["front_page", "influence", "reaction"]
    means = [0.4715447154471545, 5.6016260162601625, 3.4837398373983741]
    covariance = [
        [0.2512328401972544, 0.1197187791550047, 0.1245335199253632],
        [0.1197187791550047, 1.7457350393176063, 0.9145758363321338],
        [0.1245335199253632, 0.9145758363321338, 2.4034219645475141],
    ]
    data = with_moments(123, names, means, covariance)
    fit = fit_mediation(
        data, "reaction", "front_page", ["influence"], rng=np.random.default_rng(3), n_boot=1000
    )
    b = fit.paths.set_index(["group", "term"])["estimate"]
    assert b["influence", "front_page"] == pytest.approx(0.477, abs=THREE_DECIMALS)
    assert b["reaction", "influence"] == pytest.approx(0.506, abs=THREE_DECIMALS)
    effects = fit.effects.drop_duplicates("statistic").set_index("statistic")["estimate"]
    assert effects["direct"] == pytest.approx(0.254, abs=THREE_DECIMALS)
    assert effects["total"] == pytest.approx(0.496, abs=THREE_DECIMALS)
    assert effects["indirect"] == pytest.approx(0.241, abs=THREE_DECIMALS)
