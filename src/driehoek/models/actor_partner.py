"""Actor-partner models of two or three members of a triad."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.actor_partner_design import (
    MemberDesign,
    common_design,
    member_design,
)
from driehoek.models.actor_partner_tables import (
    coefficient_rows,
    component_rows,
    equality_rows,
    likelihood_ratio,
    ratio_rows,
)
from driehoek.models.design import Levels
from driehoek.models.member_moments import moment_rows
from driehoek.models.member_rows import MemberRows, member_rows
from driehoek.models.restricted import NotPositiveError
from driehoek.models.statistic import Statistic, statistics_frame
from driehoek.models.structures import (
    Structure,
    exchangeable,
    independent,
    stable_and_occasion,
    unstructured,
)
from driehoek.models.triadic import TriadicFit, fit_triadic
from driehoek.psychometrics.bootstrap import draw_counts
from driehoek.psychometrics.errors import TooFewDataError

Floats = NDArray[np.float64]
Covariance = Literal["unstructured", "stable_and_occasion"]

FEWEST_WAVES = 3
MOST_IN_CLUSTER = 4_000  # rows: work grows with their cube, half a minute at this size
LIKELIHOOD_NOTE = (
    "the likelihood ratios take triads as independent and reject too often where triads are alike; "
    "the F tests respect the clusters: believe those"
)


@dataclass(frozen=True, slots=True)
class ActorPartnerFit:
    """An actor-partner model of distinguishable members.

    Attributes
    ----------
    coefficients : pandas.DataFrame
        ``b`` by ``group`` (whose outcome) and ``term``: ``intercept``, ``actor``,
        ``partner_<member>``, ``wave[...]``, covariates; with parts also ``actor_between``,
        ``actor_within`` and so on. Kenward-Roger standard errors and degrees of freedom; where
        triads are tied together CR2 by clusters of triads.
    ratios : pandas.DataFrame
        ``k`` = partner effect / actor effect by ``group`` and ``term``, with a percentile
        interval over resampled triads (or clusters of them), where the interval of the actor
        effect excludes zero.
    components : pandas.DataFrame
        ``residual_sd`` of each member and wave (``group``), ``residual_r`` of each pair.
    tests : pandas.DataFrame
        ``lr_distinguishable``: members differ in intercepts, effects, variances or covariances;
        ``lr_independent``: residuals of members covary (both chi-square, ML, ``df``).
        ``f_distinguishable``: members differ in intercepts or effects; ``f_actor_equal``,
        ``f_partner_equal``: in those effects (``df`` and a row ``..._df2``). With clusters also
        ``f_independent`` and ``f_spread_equal`` (`driehoek.models.member_moments`).
    excluded : pandas.DataFrame
        ``reason`` and ``n``.
    n, n_excluded, n_triads : int
        Rows (members) used and left out, and triads used.
    is_clustered : bool
        Whether standard errors are those of clusters of triads.
    notes : tuple of str
    """

    coefficients: pd.DataFrame
    ratios: pd.DataFrame
    components: pd.DataFrame
    tests: pd.DataFrame
    excluded: pd.DataFrame
    n: int
    n_excluded: int
    n_triads: int
    is_clustered: bool
    notes: tuple[str, ...]


def fit_actor_partner(
    frame: pd.DataFrame,
    outcome: Mapping[str, str],
    predictor: Mapping[str, str],
    *,
    triad: str,
    rng: np.random.Generator,
    clusters: str | None = None,
    wave: str | None = None,
    waves: Sequence[str] = (),
    covariates: Sequence[str] = (),
    categorical: Levels | None = None,
    covariance: Covariance = "stable_and_occasion",
    has_parts: bool = False,
    confidence: float = 0.95,
    n_boot: int = 1000,
) -> ActorPartnerFit:
    """Fit how members' outcomes go with their own predictor and with that of the others.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a triad, or a triad and wave.
    outcome, predictor : mapping of str to str
        Column of each member, two or three; members in the same order.
    triad : str
        Column that names the triad.
    rng : numpy.random.Generator
        For the intervals of the ratios.
    clusters : str, optional
        Column that names which triads are tied together, by persons who stand in several.
    wave, waves : str, sequence of str
        Column that names the wave, and the waves in order; left out for one wave.
    covariates : sequence of str
        Terms (`driehoek.models.terms`), with an effect of their own on each member.
    categorical : mapping, optional
        Levels of categorical covariates.
    covariance : {"stable_and_occasion", "unstructured"}
        Over waves; in one wave both are a free covariance between the members.
    has_parts : bool
        Whether to part each predictor into the mean of a member over the waves (``_between``)
        and the deviation from it (``_within``); three waves or more.
    confidence : float
    n_boot : int
        Samples of triads for the ratios; 0 for none.

    Raises
    ------
    TooFewDataError
        If the model cannot be fitted.
    TermError
        If covariates cannot be used as they stand.

    References
    ----------
    Kenny, Kashy & Cook (2006), Dyadic data analysis, chapter 7. Kenny & Ledermann (2010),
    doi:10.1037/a0019651 (k). Covariance and tests: `driehoek.models.triadic`,
    `driehoek.models.cluster_robust`. Agrees with: R nlme ``gls``, clubSandwich and lavaan.
    """
    rows = member_rows(
        frame, outcome, predictor,
        triad=triad, wave=wave, waves=waves, covariates=covariates, clusters=clusters,
    )  # fmt: skip
    if rows.n_clusters < rows.n_triads:
        _check_clusters(rows)
    n_waves = max(len(waves), 1)
    if has_parts and n_waves < FEWEST_WAVES:
        msg = f"{n_waves} wave(s): parts within and between members need {FEWEST_WAVES}."
        raise TooFewDataError(msg)
    design = member_design(
        rows, frame, list(outcome), waves, covariates, categorical, has_parts=has_parts
    )
    structure = _structure(len(outcome), n_waves, covariance)
    fit = _fit(rows, design.matrix, structure, len(outcome))
    errors = "kenward_roger" if fit.robust is None else "cr2"
    blank = Statistic("", math.nan, rows.n, rows.n_excluded, f"gls_{structure.name}_{errors}")
    units = "triads" if rows.n_clusters == rows.n_triads else "clusters of triads"
    coefficients = statistics_frame(coefficient_rows(fit, design, blank, confidence))
    draws = _draws(rows, design, structure, len(outcome), n_boot, rng)
    return ActorPartnerFit(
        coefficients=coefficients,
        ratios=statistics_frame(ratio_rows(coefficients, draws, design, blank, confidence, units)),
        components=statistics_frame(component_rows(fit, list(outcome), waves, blank)),
        tests=statistics_frame(
            [
                *_likelihood_ratios(rows, design, structure, len(outcome), blank),
                *equality_rows(fit, design, blank),
                *_moments(fit, rows, design, len(outcome), blank),
            ]
        ),
        excluded=rows.excluded,
        n=rows.n,
        n_excluded=rows.n_excluded,
        n_triads=rows.n_triads,
        is_clustered=fit.robust is not None,
        notes=(*design.notes, *_notes(fit)),
    )


def _check_clusters(rows: MemberRows) -> None:
    largest = int(np.bincount(rows.clusters).max())
    if rows.n_clusters == 1:
        msg = "all rows used belong to one cluster; at least two are needed."
        raise TooFewDataError(msg)
    if largest > MOST_IN_CLUSTER:
        msg = (
            f"shared persons tie {largest} rows together, and clustered errors take at most "
            f"{MOST_IN_CLUSTER}; use errors: model."
        )
        raise TooFewDataError(msg)


def _structure(n_members: int, n_waves: int, covariance: Covariance) -> Structure:
    if covariance == "unstructured" or n_waves == 1:
        return unstructured(n_members * n_waves)
    return stable_and_occasion(n_members, n_waves)


def _fit(
    rows: MemberRows,
    matrix: Floats,
    structure: Structure,
    n_members: int,
    *,
    is_ml: bool = False,
    has_tests: bool = True,
) -> TriadicFit:
    places = rows.waves * n_members + rows.members
    return fit_triadic(
        rows.outcome,
        matrix,
        rows.triads,
        places,
        structure,
        method="ml" if is_ml else "reml",
        has_tests=has_tests,
        clusters=rows.clusters if rows.n_clusters < rows.n_triads else None,
    )


def _likelihood_ratios(
    rows: MemberRows, design: MemberDesign, structure: Structure, n_members: int, blank: Statistic
) -> list[Statistic]:
    n_waves = structure.n_places // n_members
    full = _fit(rows, design.matrix, structure, n_members, is_ml=True)
    alike = _fit(
        rows, common_design(design), exchangeable(n_members, n_waves), n_members, is_ml=True
    )
    apart = _fit(rows, design.matrix, independent(structure, n_members), n_members, is_ml=True)
    return [
        likelihood_ratio("lr_distinguishable", full, alike, blank),
        likelihood_ratio("lr_independent", full, apart, blank),
    ]


def _moments(
    fit: TriadicFit, rows: MemberRows, design: MemberDesign, n_members: int, blank: Statistic
) -> list[Statistic]:
    """Test covariances and variances where the likelihood ratios cannot be believed."""
    if fit.robust is None:
        return []
    return list(moment_rows(rows.outcome - design.matrix @ fit.b, rows, n_members, blank))


def _draws(
    rows: MemberRows,
    design: MemberDesign,
    structure: Structure,
    n_members: int,
    n_boot: int,
    rng: np.random.Generator,
) -> Floats:
    """Give the coefficients in samples of clusters; NaN where a sample cannot be fitted."""
    found = np.full((n_boot, design.matrix.shape[1]), math.nan)
    counts = draw_counts(np.ones(rows.n_clusters, dtype=np.int64), n_boot, rng) if n_boot else []
    for number, drawn in enumerate(each for block in counts for each in block):
        sample, taken = rows.resampled(drawn.astype(np.int64))
        try:
            fit = _fit(sample, design.matrix[taken], structure, n_members, has_tests=False)
        except (TooFewDataError, NotPositiveError, np.linalg.LinAlgError):
            continue
        if fit.is_converged:
            found[number] = fit.b
    return found


def _notes(fit: TriadicFit) -> list[str]:
    notes = []
    if fit.robust is not None:
        notes.append(LIKELIHOOD_NOTE)
    if fit.is_singular:
        notes.append(
            "the covariance between members is at its boundary (a singular fit); intervals and p "
            "rest on the normal distribution"
        )
    if not fit.is_converged:
        notes.append(
            "the optimiser did not converge: the figures are its last step and no result; use a "
            "simpler covariance or a larger sample"
        )
    return notes
