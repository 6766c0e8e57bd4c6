"""Every statistic of a scale on every hard case: the right number, or a reason in both languages.

The answers come from one factor with loadings of the square root of one half, cut at equal shares,
so that what is right is known in closed form.
"""

import re

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr, ndtri

from driehoek.psychometrics.bivariate_normal import bivariate_cdf
from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.fit import fit_cfa
from driehoek.psychometrics.cfa.model import FactorModel
from driehoek.psychometrics.dimensionality import (
    minimum_average_partial,
    parallel_analysis,
    sampling_adequacy,
    sphericity_test,
)
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.exploratory import explore_factors
from driehoek.psychometrics.invariance import invariance_ladder
from driehoek.psychometrics.invariance_within import Occasions, within_ladder
from driehoek.psychometrics.mokken import scalability
from driehoek.psychometrics.omega import omega_total
from driehoek.psychometrics.ordinal_reliability import ordinal_reliability
from driehoek.psychometrics.polychoric import LARGEST, polychoric
from driehoek.psychometrics.reliability import cronbach_alpha
from driehoek.reporting.wording import known_sentence

REASONS = (TooFewDataError, NotEstimableError, FactorModelError)
LATENT = 0.5  # correlation of the latent responses


def answers(seed, *, n=300, k=5, options=5):
    rng = np.random.default_rng(seed)
    latent = np.sqrt(LATENT) * (rng.normal(size=(n, 1)) + rng.normal(size=(n, k)))
    shares = np.arange(1, options) / options
    return pd.DataFrame(
        np.searchsorted(ndtri(shares), latent) + 1.0, columns=[f"i{j}" for j in range(k)]
    )


def gapped(frame, seed):
    return frame.mask(np.random.default_rng(seed).random(frame.shape) < 0.3)


def members(frame):
    return pd.Series(np.where(np.arange(len(frame)) % 2 == 0, "a", "b"), index=frame.index)


def unused(seed):
    frame = answers(seed)
    return frame.assign(i4=frame["i4"].mask((members(frame) == "b") & (frame["i4"] == 5), 4.0))


def copied(seed, n_kept):
    frame = answers(seed)
    return frame.assign(i4=frame["i3"].where(np.arange(len(frame)) >= n_kept, 3.0))


CASES = {
    "two categories": lambda seed: answers(seed, options=2),
    "an unused category": unused,
    "sixty rows": lambda seed: answers(seed, n=60),
    "gaps": lambda seed: gapped(answers(seed), seed),
    "sixty rows with gaps": lambda seed: gapped(answers(seed, n=60), seed),
    "perfect items": lambda seed: pd.DataFrame({f"i{j}": answers(seed)["i0"] for j in range(5)}),
    "a constant item": lambda seed: answers(seed).assign(i2=3.0),
    "nearly singular": lambda seed: copied(seed, 3),
    "three items": lambda seed: answers(seed, k=3),
}
# Here no closed form holds: items are copies, or some ten complete rows are left.
UNKNOWN = {"perfect items", "nearly singular", "sixty rows with gaps"}
TOLERANCE = {"sixty rows": 0.3}


def truth(options, k):
    """Give, for answers cut at equal shares, the correlation of codes, alpha and Mokken's H."""
    limits = ndtri(np.arange(1, options) / options)
    share, joint = ndtr(limits), bivariate_cdf(limits[:, None], limits[None, :], np.array(LATENT))
    apart = np.outer(share, share)
    correlation = (joint - apart).sum() / (np.minimum.outer(share, share) - apart).sum()
    return {
        "polychoric": LATENT,
        "latent": np.sqrt(LATENT),
        "pearson": correlation,
        "loading": np.sqrt(correlation),
        "alpha": k * correlation / (1 + (k - 1) * correlation),
        "h": correlation,  # of items with equal margins
        "one": 1.0,
    }


def model_of(frame):
    return FactorModel({"f": list(frame.columns)})


def rng():
    return np.random.default_rng(7)


def factor_model(estimator, **options):
    def fitted(frame, _):
        fit = fit_cfa(frame, model_of(frame), estimator=estimator, **options)
        table = fit.parameters()
        kind = "latent" if estimator.startswith(("WLS", "ULS")) else "loading"
        loadings = table.loc[table["op"] == "=~", "standardised"]
        tested = fit.fit.scaled or fit.fit.standard
        assert np.isfinite(tested.chisq)
        assert tested.df == 0 or 0 <= tested.p <= 1
        assert table.loc[table["is_free"], "se"].notna().all()
        return [(kind, value) for value in loadings] + [("one", fit.fit.standard.cfi)], fit.warnings

    return fitted


def ladder(estimator):
    def climbed(frame, _):
        found = invariance_ladder(
            frame, model_of(frame), groups=members(frame), estimator=estimator
        )
        return levels(found)

    return climbed


def ladder_within(estimator):
    def climbed(first, second):
        items = list(first.columns)
        wide = pd.concat([first.add_suffix("_1"), second.add_suffix("_2")], axis="columns")
        columns = {wave: {item: f"{item}_{wave}" for item in items} for wave in "12"}
        return levels(within_ladder(wide, Occasions({"f": items}, columns), estimator=estimator))

    return climbed


def levels(found):
    """Every level has its figures or its reason; the reasons count as what was said."""
    table = found.table
    absent = table["chisq"].isna()
    assert (table.loc[absent, "reason"].str.len() > 20).all()
    unjudged = table["holds"].isna()
    assert (table.loc[unjudged, "reason"].str.len() > 20).all()
    first = table.iloc[0]
    values = [] if np.isnan(first["chisq"]) else [("one", first["cfi"])]
    reasons = [words for words in table["reason"].dropna() if words]
    warnings = [words for fit in found.fits.values() for words in fit.warnings]
    return values, (*reasons, *warnings)


def ordinal(frame, _):
    found = ordinal_reliability(frame)
    assert found.ci_low < found.omega < found.ci_high
    return [("alpha", found.omega)], found.warnings


def omega(missing):
    def estimated(frame, _):
        found = omega_total(frame, rng=rng(), n_boot=60, missing=missing)
        assert np.isfinite([found.ci_low, found.ci_high]).all() or found.reason
        return [("alpha", found.estimate)], (found.reason,) if found.reason else ()

    return estimated


def alpha(use):
    def estimated(frame, _):
        return [("alpha", cronbach_alpha(frame, use=use).estimate)], ()

    return estimated


def components(kind):
    def counted(frame, _):
        n = parallel_analysis(frame, rng=rng(), kind=kind, n_samples=20).n_components
        return [("one", float(n))], ()

    return counted


def explored(extraction, kind):
    def extracted(frame, _):
        related = frame.corr() if kind == "loading" else polychoric(frame).correlations
        found = explore_factors(related, 1, n=len(frame), extraction=extraction)
        loadings = found.loadings["factor_1"]
        assert (loadings.abs() < 0.997).all() or any("Heywood" in words for words in found.warnings)
        return [(kind, value) for value in loadings], ()

    return extracted


def polychorics(frame, _):
    found = polychoric(frame)
    values = found.correlations.to_numpy()[np.tril_indices(frame.shape[1], -1)]
    assert len(found.boundary_pairs) == (np.abs(values) >= LARGEST).sum()
    return [("polychoric", value) for value in values], ()


def mokken(frame, _):
    found = scalability(frame)
    assert np.isfinite(found.se)
    return [("h", found.h)], ()


def adequacy(frame, _):
    values = [sampling_adequacy(frame.corr()).overall, sphericity_test(frame.corr(), len(frame)).p]
    assert 0.5 < values[0] < 1
    assert values[1] < 0.001
    return [], ()


def partials(frame, _):
    table = minimum_average_partial(frame.corr())
    assert table["is_minimum"].sum() == 1
    return [], ()


STATISTICS = {
    "polychoric": polychorics,
    "alpha": alpha("complete"),
    "alpha, pairwise": alpha("pairwise"),
    "omega": omega("complete"),
    "omega, fiml": omega("fiml"),
    "omega of ordered answers": ordinal,
    "ML": factor_model("ML"),
    "MLR": factor_model("MLR"),
    "FIML": factor_model("FIML"),
    "FIML+MLR": factor_model("FIML+MLR"),
    "WLSMV": factor_model("WLSMV"),
    "WLSMV, pairwise": factor_model("WLSMV", pairwise=True),
    "ULSMV": factor_model("ULSMV"),
    "ladder": ladder("MLR"),
    "ladder, fiml": ladder("FIML+MLR"),
    "ladder of ordered answers": ladder("WLSMV"),
    "ladder within": ladder_within("FIML+MLR"),
    "ladder within of ordered answers": ladder_within("WLSMV"),
    "parallel analysis": components("pearson"),
    "parallel analysis, polychoric": components("polychoric"),
    "minres": explored("minres", "loading"),
    "minres, polychoric": explored("minres", "latent"),
    "maximum likelihood factors": explored("ml", "loading"),
    "adequacy and sphericity": adequacy,
    "average partials": partials,
    "mokken": mokken,
}

COPIES = (
    "determine one another|follows exactly|singular|not positive definite|nearly the same|wholly"
)
OF_COVARIANCES = ("omega", "ML", "FIML", "WLSMV", "ULSMV", "ladder", "maximum", "adequacy")
REFUSED = {
    **{("a constant item", name): r"\bi2\b|i2_1" for name in STATISTICS},
    **{
        ("perfect items", name): f"{COPIES}|did not converge"
        for name in STATISTICS
        if name.startswith(OF_COVARIANCES) and not name.startswith("ladder within of ordered")
    },
    ("an unused category", "ladder of ordered answers"): "i4: nobody in group b chose 5",
    ("gaps", "ladder of ordered answers"): "nobody in group",
    ("gaps", "ladder within of ordered answers"): "respondents with usable answers for 10 items",
}
# What the sample decides: a number, or one of these reasons.
PERHAPS = {
    "nearly singular": f"{COPIES}|Heywood|not identified",
    "sixty rows with gaps": "more respondents than items|nobody in group|same answer|Heywood"
    "|determine one another|not identified|no minimum|not converge",
}


def outcome(statistic, first, second):
    try:
        return "", *statistic(first, second)
    except REASONS as reason:
        return str(reason), [], ()


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("case", CASES)
def test_each_statistic_is_right_or_says_why_not(case, statistic):
    first, second = CASES[case](1), CASES[case](2)
    refusal = REFUSED.get((case, statistic))
    refused, values, said = outcome(STATISTICS[statistic], first, second)
    if refused:
        expected = refusal or PERHAPS.get(case)
        assert expected is not None, f"refused: {refused}"
        assert re.search(expected, refused), refused
        assert known_sentence("nl", refused) is not None, refused
        return
    assert refusal is None, f"not refused: {values}, {said}"
    assert [words for words in said if known_sentence("nl", words) is None] == []
    numbers = np.array([value for _, value in values])
    assert np.isfinite(numbers).all()
    if case in UNKNOWN:
        assert (np.abs(numbers) < 1 + 1e-9).all() or said
        return
    right = truth(2 if case == "two categories" else 5, first.shape[1])
    expected = np.array([right[kind] for kind, _ in values])
    assert numbers == pytest.approx(expected, abs=TOLERANCE.get(case, 0.2))
