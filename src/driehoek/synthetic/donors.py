"""One variable synthesised: each value is drawn from a donor whose predictions are near."""

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree
from scipy.special import ndtri

Values = npt.NDArray[np.float64]

DONORS = 10
LEAST_PREDICTORS, MOST_PREDICTORS = 8, 16
ANSWERS_PER_PREDICTOR = 20
FEWEST = 20
CHANCE = 0.05
RIDGE = 1e-3
TIE = 1e-6


def draw_donors(
    target: Values,
    known: Values,
    wanted: Values,
    near: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """Choose a donor for each synthetic row, by predictive means.

    Two outcomes are regressed on the best predictors and on how far these lie from their means:
    the value, and how far it lies from its mean, so that who answers at the ends and who in the
    middle is kept too. Each synthetic row then takes one of the ten donors whose two predictions,
    in standard deviations of the value, lie nearest to its own. With too few donors or no predictor
    a donor is drawn at random.

    Parameters
    ----------
    target : numpy.ndarray, shape (n,)
        Real values, NaN where missing: rows with a missing answer are donors too, of its kind.
    known : numpy.ndarray, shape (n, k)
        Real values of the variables that were synthesised before.
    wanted : numpy.ndarray, shape (m, k)
        Their synthetic values.
    near : numpy.ndarray of int, shape (k,)
        How near each variable stands to the target; the nearest are taken first, and those at 0
        only where their correlation is beyond chance.
    rng : numpy.random.Generator

    Returns
    -------
    numpy.ndarray of int, shape (m,)
        Position of each row's donor.

    References
    ----------
    Little (1988), doi:10.1080/07350015.1988.10509663, for predictive mean matching, on several
    outcomes at once too; Nowok, Raab & Dibben (2016), doi:10.18637/jss.v074.i11, for synthesis one
    variable after another.
    """
    answered = np.flatnonzero(~np.isnan(target))
    chosen = _predictors(target, known, near)
    if len(answered) < FEWEST or not len(chosen):
        return rng.integers(0, len(target), size=len(wanted))
    real, synthetic = _filled(known[:, chosen], wanted[:, chosen])
    outcomes = _with_distance(_filled(target[answered, None], target[answered, None])[0])
    first, second = _design(real), _design(synthetic)
    slopes = _slopes(first[answered], outcomes)
    # Of donors with the same predictions each is as near: chance decides, not their order.
    predicted, aimed = (
        design @ slopes + rng.normal(scale=TIE, size=(len(design), 2)) for design in (first, second)
    )
    nearest = KDTree(predicted).query(aimed, k=DONORS)[1]
    picked = rng.integers(0, DONORS, size=len(aimed))
    return np.asarray(nearest[np.arange(len(aimed)), picked], dtype=np.int64)


def _predictors(
    target: Values, known: Values, near: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Choose the nearest variables, and among those as near the ones that correlate most.

    Of hundreds of variables some correlate with the target in a small sample by chance alone, and
    would crowd out its own scale. So those at 0 must pass a test at 5% over all of them together
    (Bonferroni, Fisher's z).
    """
    if not known.shape[1]:
        return np.empty(0, dtype=np.int64)
    both = ~np.isnan(known) & ~np.isnan(target)[:, None]
    count = both.sum(axis=0)
    y = np.where(both, target[:, None], 0.0)
    x = np.where(both, known, 0.0)
    n = np.maximum(count, 1)
    y = np.where(both, y - y.sum(axis=0) / n, 0.0)
    x = np.where(both, x - x.sum(axis=0) / n, 0.0)
    spread = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    r = np.abs((x * y).sum(axis=0)) / np.where(spread > 0, spread, np.inf)
    r = np.where(count >= FEWEST, r, 0.0)
    least = np.tanh(ndtri(1 - CHANCE / (2 * len(r))) / np.sqrt(np.maximum(count - 3, 1)))
    r = np.where((near > 0) | (r > least), r, 0.0)
    best = np.lexsort((-r, -near))
    most = np.clip(count.max() // ANSWERS_PER_PREDICTOR, LEAST_PREDICTORS, MOST_PREDICTORS)
    return best[r[best] > 0][:most]


def _filled(real: Values, synthetic: Values) -> tuple[Values, Values]:
    """Standardise by the real values; a gap becomes the mean."""
    n = np.maximum((~np.isnan(real)).sum(axis=0), 1)
    mean = np.nansum(real, axis=0) / n
    spread = np.sqrt(np.nansum((real - mean) ** 2, axis=0) / n)
    spread = np.where(spread > 0, spread, 1.0)
    first, second = ((each - mean) / spread for each in (real, synthetic))
    return np.nan_to_num(first), np.nan_to_num(second)


def _with_distance(x: Values) -> Values:
    """Add how far each standardised value lies from its mean."""
    return np.hstack([x, np.abs(x)])


def _design(x: Values) -> Values:
    return np.hstack([np.ones((len(x), 1)), _with_distance(x)])


def _slopes(design: Values, outcomes: Values) -> Values:
    """Give intercepts and slopes of regressions, a trifle shrunk so that they always exist."""
    cross = design.T @ design
    cross[1:, 1:] += RIDGE * len(design) * np.eye(design.shape[1] - 1)
    return np.asarray(np.linalg.solve(cross, design.T @ outcomes))
