"""Stability of scores over waves, and who changed more than error explains."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pandas as pd

from driehoek.analysis.agreement_rows import pair_name, scores_rows
from driehoek.analysis.factors import notes_about
from driehoek.analysis.frames import one_a_triad
from driehoek.analysis.names import known_variables, resolve
from driehoek.analysis.reliability_sample import reliability_sample, scored_columns
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.analysis.score_error import score_error
from driehoek.analysis.score_names import ScoreName, facets_of_score, score_name
from driehoek.analysis.waiting import ONE_WAVE, waits_for_a_wave
from driehoek.disclosure import withhold_small_counts, withhold_small_samples
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.psychometrics.measurement_error import reliable_change
from driehoek.study import Study

Fields = dict[str, object]
DIRECTIONS = {"higher": 1, "lower": -1, "neither": 0}


def retest(long: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Estimate the stability of every score that the plan names.

    Parameters
    ----------
    long : pandas.DataFrame
        Kept responses: ``wave, role, triad, person, is_primary``, analysis values and scores.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows: ``scale`` is the name in the plan, ``group`` a pair of waves (empty: all
        together). One person a triad: who was primary first. ``reliable_change`` counts the
        persons by ``term``: higher, lower, neither.
    """
    rows = [
        {**row, "scale": name}
        for name, plan in study.settings.plan.retest.items()
        for row in _one(long, plan.score, plan.waves or study.wave_names, study)
    ]
    table = statistics_frame(rows, "retest")
    min_cell = study.settings.disclosure.min_cell
    is_count = (table["statistic"] == "reliable_change") & table["estimate"].notna()
    counts = withhold_small_counts(table[is_count], min_cell, ["scale", "group"])
    shown = pd.concat([table[~is_count], counts]).sort_index()
    return withhold_small_samples(shown, min_cell)


def _one(long: pd.DataFrame, name: str, waves: Sequence[str], study: Study) -> Iterator[Row]:
    if waits_for_a_wave(study):
        yield {"statistic": "icc_agreement", "reason": ONE_WAVE}
        return
    variable = resolve(name, known_variables(study.settings, study.questionnaire))
    score = score_name(variable, study.questionnaire)
    of_role = long[(long["role"] == variable.role) & long["wave"].isin(waves)]
    persons = one_a_triad(of_role, waves)
    wide = persons.pivot_table(
        index=["triad", "person"], columns="wave", values=variable.column, dropna=False
    ).reindex(columns=list(waves))
    wide = wide.dropna(how="all").astype(float)
    yield from scores_rows(
        wide,
        study.settings.plan.confidence,
        fewest=study.settings.disclosure.min_cell,
        is_over_time=True,
    )
    if score is not None:
        yield from _changes(wide, persons, score, study)
    for place, note in enumerate(notes_about(persons), 1):
        yield {"statistic": "note", "term": f"note_{place}", "reason": note}


def _changes(
    wide: pd.DataFrame, persons: pd.DataFrame, score: ScoreName, study: Study
) -> Iterator[Fields]:
    """Count who changed reliably from each wave to the next, by the error of the first wave."""
    facets = facets_of_score(study.questionnaire, score)
    columns = scored_columns(study.questionnaire, score.scale, score.facet, score.about, facets)
    first = persons[persons["wave"] == wide.columns[0]]
    try:
        sample = reliability_sample(
            first, facets, columns, study, ("retest", *columns[0].split("."))
        )
        error = score_error(sample)
        changes = {
            (before, after): reliable_change(
                wide[before], wide[after], error.sem, confidence=study.settings.plan.confidence
            )["direction"].dropna()
            for before, after in pairwise(wide.columns)
        }
    except TooFewDataError as fault:
        reason, n = str(fault), len(wide.dropna())
        yield {"statistic": "reliable_change", "term": "higher", "n": n, "reason": reason}
        return
    for (before, after), direction in changes.items():
        for term, sign in DIRECTIONS.items():
            yield {
                "statistic": "reliable_change",
                "group": pair_name(before, after),
                "term": term,
                "estimate": int((direction == sign).sum()),
                "n": len(direction),
                "n_excluded": len(wide) - len(direction),
                "method": f"SEM of the first wave, {error.method}",
            }
