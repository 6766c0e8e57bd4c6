"""Logistic, fractional and count models of one design, through statsmodels."""

import warnings

import numpy as np
from numpy.typing import NDArray
from statsmodels.discrete.discrete_model import NegativeBinomial
from statsmodels.genmod.families import Binomial, Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import ConvergenceWarning, DomainWarning

from driehoek.models.likelihood import LikelihoodFit
from driehoek.models.separation import separated_by, separating
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]

TOLERANCE = 1e-13
POISSON = 1e-4  # a dispersion below which the counts vary no more than a Poisson's
FLAT = "the counts vary no more than a Poisson's, so the dispersion is zero; use family: poisson"


def fit_logistic(
    outcome: Floats, matrix: Floats, labels: tuple[str, ...], *, is_fraction: bool = False
) -> LikelihoodFit:
    """Fit a logistic model of a yes (1) and no (0), or of a fraction between them.

    Raises
    ------
    TooFewDataError
        If predictors separate the outcomes perfectly.

    References
    ----------
    Papke & Wooldridge (1996), doi:10.1002/(SICI)1099-1255(199611)11:6<619::AID-JAE418>3.0.CO;2-1
    (fractions: a quasi-likelihood, so that only robust errors hold).
    """
    sign = np.sign(outcome - 0.5)
    ends = np.isin(outcome, (0.0, 1.0))
    rising = (matrix * sign[:, None])[ends]
    refuse_separation(rising, matrix[~ends], matrix.std(axis=0), labels)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DomainWarning)
        fit = GLM(outcome, matrix, family=Binomial()).fit(tol=TOLERANCE, maxiter=200)
    mean = np.asarray(fit.fittedvalues, dtype=float)
    return LikelihoodFit(
        labels=labels,
        estimates=np.asarray(fit.params, dtype=float),
        information=(matrix.T * (mean * (1 - mean))) @ matrix,
        scores=(outcome - mean)[:, None] * matrix,
        log_likelihood=np.nan if is_fraction else float(fit.llf),
        fitted=mean,
    )


def fit_poisson(outcome: Floats, matrix: Floats, labels: tuple[str, ...]) -> LikelihoodFit:
    """Fit a Poisson model of counts, or of any outcome that is not negative.

    Raises
    ------
    TooFewDataError
        If predictors give some rows an expected count of zero.
    """
    rising, flat = -matrix[outcome == 0], matrix[outcome > 0]
    refuse_separation(rising, flat, matrix.std(axis=0), labels)
    fit = GLM(outcome, matrix, family=Poisson()).fit(tol=TOLERANCE, maxiter=200)
    mean = np.asarray(fit.fittedvalues, dtype=float)
    return LikelihoodFit(
        labels=labels,
        estimates=np.asarray(fit.params, dtype=float),
        information=(matrix.T * mean) @ matrix,
        scores=(outcome - mean)[:, None] * matrix,
        log_likelihood=float(fit.llf),
        fitted=mean,
    )


def fit_negative_binomial(
    outcome: Floats, matrix: Floats, labels: tuple[str, ...]
) -> LikelihoodFit:
    """Fit a negative binomial model: variance = mean + dispersion * mean^2 (NB2).

    Raises
    ------
    TooFewDataError
        If predictors give some rows a count of zero, or counts are not dispersed.

    References
    ----------
    Cameron & Trivedi (2013), Regression analysis of count data, 2nd ed., chapter 3.
    """
    start = fit_poisson(outcome, matrix, labels)
    excess = float((((outcome - start.fitted) ** 2 - outcome) / start.fitted**2).mean())
    model = NegativeBinomial(outcome, matrix)
    given = np.append(start.estimates, max(excess, 0.05))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        fit = model.fit(given, method="bfgs", disp=0, maxiter=500, gtol=1e-8)
        found = np.asarray(fit.params, dtype=float)
        if not np.isfinite(found).all() or found[-1] < POISSON:
            raise TooFewDataError(FLAT)
        found = _polished(model, found)
    return LikelihoodFit(
        labels=(*labels, "dispersion"),
        estimates=found,
        information=-np.asarray(model.hessian(found), dtype=float),
        scores=np.asarray(model.score_obs(found), dtype=float),
        log_likelihood=float(model.loglike(found)),
        fitted=np.exp(matrix @ found[:-1]),
    )


def _polished(model: NegativeBinomial, found: Floats) -> Floats:
    """Take Newton steps to the top, which the library's optimiser stops short of."""
    for _ in range(20):
        step = np.linalg.solve(model.hessian(found), model.score(found))
        if not np.isfinite(step).all() or (found - step)[-1] < POISSON:
            raise TooFewDataError(FLAT)
        found = found - step
        if np.abs(step).max() < 1e-11 * (1 + np.abs(found).max()):
            break
    return found


def refuse_separation(
    rising: Floats, flat: Floats | None, sizes: Floats, labels: tuple[str, ...]
) -> None:
    """Say which predictors tell outcomes apart perfectly, and what to do.

    Raises
    ------
    TooFewDataError
        If some do.
    """
    direction = separating(rising, flat)
    if direction is None:
        return
    names = separated_by(direction, rising, flat, labels, sizes) or list(labels[:1])
    msg = (
        f"{' and '.join(names)} tell some outcomes apart perfectly (separation), so that no finite "
        "coefficient exists; join levels or leave a term out."
    )
    raise TooFewDataError(msg)
