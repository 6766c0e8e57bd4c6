"""One variable synthesised: each value is drawn from a donor whose prediction is near."""

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

Values = npt.NDArray[np.float64]

DONORS = 10
PREDICTORS = 8
FEWEST = 20
CHANCE = 0.05
RIDGE = 1e-3


def draw_donors(
    target: Values,
    known: Values,
    wanted: Values,
    near: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """Choose a donor for each synthetic row, by predictive means.

    The variable is regressed on its best predictors in a bootstrap sample of the donors; each
    synthetic row then takes one of the ten donors whose predictions lie nearest to its own. With
    too few donors or no predictor a donor is drawn at random.

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
    Little (1988), doi:10.1080/07350015.1988.10509663, for predictive mean matching; Nowok,
    Raab & Dibben (2016), doi:10.18637/jss.v074.i11, for synthesis one variable after another.
    """
    answered = np.flatnonzero(~np.isnan(target))
    chosen = _predictors(target, known, near)
    if len(answered) < FEWEST or not len(chosen):
        return rng.integers(0, len(target), size=len(wanted))
    real, synthetic = _filled(known[:, chosen], wanted[:, chosen])
    sample = rng.choice(answered, size=len(answered))
    slope = _slope(real[sample], target[sample])
    predicted = real @ slope[1:] + slope[0]
    aimed = synthetic @ slope[1:] + slope[0]
    # Of donors with one and the same prediction each is as near: chance decides, not their order.
    order = np.lexsort((rng.permutation(len(predicted)), predicted))
    ends = [np.searchsorted(predicted[order], aimed, side=side) for side in ("left", "right")]
    place = rng.integers(ends[0], ends[1] + 1)
    low = np.clip(place - DONORS // 2, 0, max(len(order) - DONORS, 0))
    offset = rng.integers(0, min(DONORS, len(order)), size=len(aimed))
    return np.asarray(order[low + offset], dtype=np.int64)


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
    return best[r[best] > 0][:PREDICTORS]


def _filled(real: Values, synthetic: Values) -> tuple[Values, Values]:
    """Standardise by the real values; a gap becomes the mean."""
    n = np.maximum((~np.isnan(real)).sum(axis=0), 1)
    mean = np.nansum(real, axis=0) / n
    spread = np.sqrt(np.nansum((real - mean) ** 2, axis=0) / n)
    spread = np.where(spread > 0, spread, 1.0)
    first, second = ((each - mean) / spread for each in (real, synthetic))
    return np.nan_to_num(first), np.nan_to_num(second)


def _slope(x: Values, y: Values) -> Values:
    """Give intercept and slopes of a regression, a trifle shrunk so that they always exist."""
    design = np.column_stack([np.ones(len(x)), x])
    cross = design.T @ design
    cross[1:, 1:] += RIDGE * len(x) * np.eye(x.shape[1])
    return np.asarray(np.linalg.solve(cross, design.T @ y))
