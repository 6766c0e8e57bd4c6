"""Factor structure of every scale, per role and target."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from driehoek.analysis import factors
from driehoek.analysis.fit_rows import EXPLORATORY, fit_rows, note_rows
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.analysis.score_names import FEWEST_ITEMS, factors_of
from driehoek.analysis.structure_extra import dimensionality_rows, validity_rows
from driehoek.analysis.structure_models import model_in_words, planned_model
from driehoek.analysis.triad_sample import triad_sample
from driehoek.disclosure import withhold_small_samples
from driehoek.job import generator
from driehoek.plan.measurement import StructurePlan
from driehoek.psychometrics.cfa.errors import FactorModelError, NotEstimableError
from driehoek.psychometrics.cfa.fit import Estimator, fit_cfa
from driehoek.psychometrics.cfa.result import CfaFit
from driehoek.psychometrics.cfa.score_tests import modification_indices
from driehoek.psychometrics.dimensionality import Kind
from driehoek.study import Study

N_EXPLORED = 3


def structure(long: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Fit the factor model of each scale, per role and target, in one wave.

    Facets are correlated factors where each has two items or more; otherwise one factor
    explains all items.

    Parameters
    ----------
    long : pandas.DataFrame
        Kept responses: ``wave, role, triad, is_primary`` and analysis values by question id.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows: fit (``term`` empty for the indices that decide, else their kind),
        standardised loadings (``group`` factor, ``term`` question), correlations of factors, the
        largest residual correlations and modification indices (exploratory), notes. A model that
        cannot be had is one row with its reason. No rows without a plan.
    """
    plan = study.settings.plan.structure
    rows = [] if plan is None else list(_every_scale(long, study, plan))
    table = statistics_frame(rows, "structure")
    return withhold_small_samples(table, study.settings.disclosure.min_cell)


@dataclass(frozen=True, slots=True)
class _Sample:
    """The keyed items of one presentation, and how to model them.

    Attributes
    ----------
    items : pandas.DataFrame, shape (persons, items)
    factors : dict of str to list of str
    reversed_items : list of str
    plan : StructurePlan
    estimator : str
    uses_all : bool
        Whether incomplete rows count.
    triads : pandas.Series or None
        The triad of each row where standard errors must allow for it.
    method : str
    notes : list of str
        What a reader must know of the persons.
    confidence : float
    rng : numpy.random.Generator
    """

    items: pd.DataFrame
    factors: dict[str, list[str]]
    reversed_items: list[str]
    plan: StructurePlan
    estimator: Estimator
    uses_all: bool
    triads: pd.Series | None
    method: str
    notes: list[str]
    confidence: float
    rng: np.random.Generator


def _every_scale(long: pd.DataFrame, study: Study, plan: StructurePlan) -> Iterator[Row]:
    questionnaire = study.questionnaire
    wave = plan.wave or study.wave_names[0]
    in_wave, drawn = triad_sample(long[long["wave"] == wave], study)
    for scale in questionnaire.instrument.scales if plan.scales == "all" else plan.scales:
        for role, about in questionnaire.presentations(scale):
            facets = questionnaire.facet_questions(scale, role, about)
            n_items = sum(map(len, facets.values()))
            if n_items == 1 and plan.scales == "all":
                continue
            head = {"wave": wave, "role": role, "about": about or "", "scale": scale}
            if n_items < FEWEST_ITEMS:
                reason = f"{n_items} items: a factor by itself needs {FEWEST_ITEMS}"
                yield head | {"statistic": "chi2", "method": "factor model", "reason": reason}
                continue
            persons = in_wave[in_wave["role"] == role]
            place = tuple(head.values())
            sample = _sample(persons, factors_of(facets, scale), plan, study, place, drawn)
            yield from ({**head, **row} for row in _modelled(sample))


def _sample(
    persons: pd.DataFrame,
    named: dict[str, list[str]],
    plan: StructurePlan,
    study: Study,
    place: tuple[str, ...],
    drawn: list[str],
) -> _Sample:
    questions = [question for ids in named.values() for question in ids]
    estimator = factors.estimator_for(plan.estimator, plan.missing, questions, study.questionnaire)
    is_nested = bool(persons["triad"].duplicated().any())
    is_ordered = estimator == "WLSMV"
    chosen = persons[persons["is_primary"]] if is_nested and is_ordered else persons
    uses_all = plan.missing == "all"
    words = [
        model_in_words(named, plan),
        factors.rows_in_words(estimator, uses_all=uses_all),
    ]
    if is_nested:
        words.append("one person a triad" if is_ordered else "clustered by triad")
    return _Sample(
        items=factors.answers_to(chosen, questions, study),
        factors=named,
        reversed_items=[q for q in questions if study.questionnaire.questions[q].is_reversed],
        plan=plan,
        estimator=estimator,
        uses_all=uses_all,
        triads=chosen["triad"] if is_nested and not is_ordered else None,
        method=", ".join(words),
        notes=[*drawn, *factors.notes_about(chosen)],
        confidence=study.settings.plan.confidence,
        rng=generator(study.settings.seed, "structure", *place),
    )


def _modelled(sample: _Sample) -> Iterator[Row]:
    n = factors.usable_rows(sample.items, uses_all=sample.uses_all)
    head: dict[str, object] = {"method": sample.method}
    missed = {"statistic": "chi2", "n": n, "n_excluded": len(sample.items) - n}
    if reason := factors.too_few(n):
        yield head | missed | {"reason": reason}
        return
    try:
        fit = fit_cfa(
            sample.items,
            planned_model(sample.factors, sample.reversed_items, sample.plan),
            estimator=sample.estimator,
            pairwise=sample.uses_all and sample.estimator == "WLSMV",
            clusters=sample.triads,
        )
    except (FactorModelError, NotEstimableError) as fault:
        yield head | missed | {"reason": str(fault)}
        return
    head |= {"n": fit.n, "n_excluded": fit.n_excluded}
    yield from ({**head, **row} for row in fit_rows(fit, sample.method))
    yield head | {"statistic": "n_factors", "estimate": len(fit.model.factors)}
    yield from ({**head, **row} for row in _solution(fit, sample.confidence))
    yield from ({**head, **row} for row in validity_rows(fit))
    kind = _parallel_kind(sample)
    rows = dimensionality_rows(sample.items, fit, kind, sample.rng)
    yield from ({**head, **row} for row in rows)
    yield from ({**head, **row} for row in _explored(fit))
    yield from ({**head, **row} for row in note_rows([*sample.notes, *fit.warnings]))


def _parallel_kind(sample: _Sample) -> Kind:
    if sample.plan.parallel == "auto":
        return "polychoric" if sample.estimator == "WLSMV" else "pearson"
    return sample.plan.parallel


def _solution(fit: CfaFit, confidence: float) -> Iterator[Row]:
    """Give the standardised loadings and the correlations of factors."""
    z = float(ndtri((1 + confidence) / 2))
    table = fit.parameters()
    names = list(fit.model.factors)
    for row in table.to_dict("records"):
        is_loading = row["op"] == "=~"
        if not is_loading and not row["is_free"]:
            continue
        if not is_loading and not (
            row["op"] == "~~" and row["lhs"] != row["rhs"] and row["lhs"] in names
        ):
            continue
        value, se = row["standardised"], row["standardised_se"]
        yield {
            "statistic": "loading" if is_loading else "factor_correlation",
            "group": row["lhs"],
            "term": row["rhs"],
            "estimate": value,
            "se": se,
            "ci_low": value - z * se,
            "ci_high": value + z * se,
        }


def _explored(fit: CfaFit) -> Iterator[Row]:
    """Give where the model fits worst: nothing to act on without new data."""
    if fit.fit.standard.df == 0:
        return
    residuals = fit.residual_correlations()[""]
    items, values = list(residuals.columns), residuals.to_numpy()
    pairs = sorted(combinations(range(len(items)), 2), key=lambda pair: -abs(values[pair]))
    for i, j in pairs[:N_EXPLORED]:
        yield {
            "statistic": "residual_correlation",
            "group": items[i],
            "term": items[j],
            "estimate": float(values[i, j]),
            "reason": EXPLORATORY,
        }
    found = modification_indices(fit).head(N_EXPLORED)
    for row in found.to_dict("records"):
        path = f"{row['lhs']} {row['op']} {row['rhs']}"
        common = {"group": row["lhs"], "term": path, "reason": EXPLORATORY}
        index = {"statistic": "modification_index", "estimate": row["statistic"], "df": 1}
        yield common | index | {"p": row["p"]}
        yield common | {"statistic": "expected_change", "estimate": row["expected_change"]}
