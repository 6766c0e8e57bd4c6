"""Reliability of every scale and facet, per role and target."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import pandas as pd

from driehoek.analysis.coefficient_rows import coefficient_rows
from driehoek.analysis.fit_rows import note_rows
from driehoek.analysis.reliability_rows import Fields, main_rows, reliability_rows
from driehoek.analysis.reliability_sample import (
    ReliabilitySample,
    reliability_sample,
    scored_columns,
)
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.analysis.score_error import score_error_rows
from driehoek.analysis.triad_sample import triad_sample
from driehoek.disclosure import withhold_small_samples
from driehoek.instrument.questions import Questionnaire
from driehoek.study import Study

Estimates = Callable[[ReliabilitySample], Iterable[Fields]]
EVERY: tuple[Estimates, ...] = (reliability_rows, coefficient_rows, score_error_rows)


def reliability(long: pd.DataFrame, study: Study, sample: str) -> pd.DataFrame:
    """Estimate coefficients of reliability and item statistics for each scale and facet.

    Parameters
    ----------
    long : pandas.DataFrame
        Kept responses of the sample: ``role, triad, person``, analysis values by question id and
        scores.
    study : Study
    sample : str
        Name of a wave, or ``all`` for the waves pooled. Where a triad stands in several rows,
        intervals resample whole triads.

    Returns
    -------
    pandas.DataFrame
        Statistics rows; a coefficient that cannot be had has a reason.
    """
    return _reliability(long, study, sample, EVERY)


def main_reliability(long: pd.DataFrame, study: Study, sample: str) -> pd.DataFrame:
    """Estimate alpha and omega total only, as `reliability` does."""
    return _reliability(long, study, sample, (main_rows,))


def _reliability(
    long: pd.DataFrame, study: Study, sample: str, estimates: tuple[Estimates, ...]
) -> pd.DataFrame:
    questionnaire = study.questionnaire
    wanted = study.settings.plan.reliability.scales
    chosen, drawn = triad_sample(long, study)
    rows = [
        row
        for scale in (questionnaire.instrument.scales if wanted == "all" else wanted)
        for role, about in questionnaire.presentations(scale)
        for facet, facets in _parts(questionnaire, scale, role, about)
        for row in _part(
            chosen[chosen["role"] == role],
            facets,
            study,
            {"wave": sample, "role": role, "about": about or "", "scale": scale, "group": facet},
            estimates,
        )
    ]
    rows += [{"wave": sample, **row} for row in note_rows(drawn)]
    name = f"reliability_{sample}"
    return withhold_small_samples(statistics_frame(rows, name), study.settings.disclosure.min_cell)


def _parts(
    questionnaire: Questionnaire, scale: str, role: str, about: str | None
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    facets = questionnaire.facet_questions(scale, role, about)
    if sum(map(len, facets.values())) > 1:
        yield "", facets
    if len(facets) > 1:
        yield from ((name, {name: ids}) for name, ids in facets.items() if len(ids) > 1)


def _part(
    persons: pd.DataFrame,
    facets: Mapping[str, list[str]],
    study: Study,
    common: dict[str, str],
    estimates: tuple[Estimates, ...],
) -> Iterator[Row]:
    columns = scored_columns(
        study.questionnaire, common["scale"], common["group"], common["about"] or None, facets
    )
    sample = reliability_sample(persons, facets, columns, study, tuple(common.values()))
    for estimate in estimates:
        yield from (common | row for row in estimate(sample))
