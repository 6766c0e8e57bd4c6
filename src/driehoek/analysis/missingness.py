"""What is missing in a study: kinds by scale, waves that people missed, Little's test."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from driehoek.analysis.names import Variable, variables
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.analysis.score_names import score_name
from driehoek.disclosure import withhold_small_counts, withhold_small_samples
from driehoek.instrument.columns import score_column
from driehoek.models.missingness import little_test
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.responses import MISSING_KINDS
from driehoek.study import Study

WAVES, NOTHING, OTHERS = "waves", "nothing", "other patterns"
COUNTED = ("answers", "wave_pattern", "score_pattern", "returned")


def missingness(long: pd.DataFrame, missing: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Describe what is missing.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per person and wave.
    missing : pandas.DataFrame
        Kinds of missing answers, by ``response``.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows. ``answers``: missing answers of a scale by kind (``group``).
        ``wave_pattern``: persons by the waves they answered (``term``); ``returned``: persons who
        missed a wave and came back, so that the pattern is not monotone. ``score_pattern``:
        persons by the scores they miss, rare patterns together. ``mcar_chi2`` and
        ``mcar_patterns``: Little's test on the scores and numbers of a role in a wave. Counts
        below ``disclosure.min_cell`` are withheld.
    """
    kinds = missing.set_index("response").loc[long["response"]].set_axis(long.index)
    rows: list[Row] = [
        *_answers(long, kinds, study),
        *(
            row
            for role in study.questionnaire.instrument.roles
            for row in _waves(long, role, study)
        ),
    ]
    for (wave, role), people in long.groupby(["wave", "role"], sort=True):
        rows += _score_patterns(people, str(wave), str(role), study)
        rows += _random(people, str(wave), str(role), study)
    table = statistics_frame(rows, "missingness")
    min_cell = study.settings.disclosure.min_cell
    is_count = table["statistic"].isin(COUNTED)
    within = ["wave", "role", "about", "scale", "statistic"]
    counts = withhold_small_counts(table[is_count], min_cell, within)
    others = withhold_small_samples(table[~is_count], min_cell)
    return pd.concat([counts, others]).loc[table.index]


def _answers(long: pd.DataFrame, kinds: pd.DataFrame, study: Study) -> Iterator[Row]:
    form = study.questionnaire
    for scale in form.instrument.scales:
        for role, about in form.presentations(scale):
            ids = [q for each in form.facet_questions(scale, role, about).values() for q in each]
            for wave, people in long[long["role"] == role].groupby("wave", sort=True):
                found = kinds.loc[people.index, list(dict.fromkeys(ids))].to_numpy(dtype=object)
                head: Row = {"wave": wave, "role": role, "about": about or "", "scale": scale}
                for kind in MISSING_KINDS:
                    yield {
                        **head, "group": kind, "statistic": "answers", "method": "count",
                        "estimate": float((found == kind).sum()), "n": found.size,
                    }  # fmt: skip


def _waves(long: pd.DataFrame, role: str, study: Study) -> Iterator[Row]:
    """Count persons by the waves they answered; who has no person code cannot be followed."""
    waves = study.wave_names
    own = long[(long["role"] == role) & (long["person"] != "")]
    if len(waves) < 2 or not len(own):
        return
    seats = own.pivot_table(index=["triad", "person"], columns="wave", aggfunc="size")
    answered = seats.reindex(columns=waves).to_numpy() > 0
    common: Row = {"wave": "all", "role": role, "scale": WAVES, "method": "count"}
    for pattern, count in _counted(answered):
        term = " ".join(wave for wave, there in zip(waves, pattern, strict=True) if there)
        yield {
            **common, "term": term, "statistic": "wave_pattern", "estimate": count,
            "n": len(answered),
        }  # fmt: skip
    began = np.maximum.accumulate(answered, axis=1)
    returned = np.diff(np.where(began, answered, True).astype(int), axis=1) > 0
    n_returned = int(np.logical_or.reduce(returned, axis=1).sum())
    yield {**common, "statistic": "returned", "estimate": n_returned, "n": len(answered)}


def _score_patterns(people: pd.DataFrame, wave: str, role: str, study: Study) -> Iterator[Row]:
    """Count persons by the scores they miss; patterns of too few persons are put together."""
    names = _names(people, role, study)
    min_cell = study.settings.disclosure.min_cell
    found: dict[str, int] = {}
    for pattern, count in _counted(people[names].isna().to_numpy()):
        gone = [f"{role}.{name}" for name, miss in zip(names, pattern, strict=True) if miss]
        term = (", ".join(gone) or NOTHING) if count >= min_cell else OTHERS
        found[term] = found.get(term, 0) + count
    for term, count in found.items():
        yield {
            "wave": wave, "role": role, "term": term, "statistic": "score_pattern",
            "estimate": count, "n": len(people), "method": "count",
        }  # fmt: skip


def _random(people: pd.DataFrame, wave: str, role: str, study: Study) -> Iterator[Row]:
    common: Row = {"wave": wave, "role": role, "method": "Little (1988), EM"}
    try:
        found = little_test(people[_names(people, role, study)])
    except TooFewDataError as fault:
        yield {**common, "statistic": "mcar_chi2", "n": len(people), "reason": str(fault)}
        return
    common = {**common, "n": found.n, "n_excluded": len(people) - found.n}
    yield {
        **common, "statistic": "mcar_chi2", "estimate": found.chi2, "df": found.df, "p": found.p,
    }  # fmt: skip
    yield {**common, "statistic": "mcar_patterns", "estimate": found.n_patterns}


def _names(people: pd.DataFrame, role: str, study: Study) -> list[str]:
    """Give the columns of a role's scores and numbers that anybody has."""
    own = [each.column for each in _measured(study, role) if each.column in people]
    return [name for name in own if people[name].notna().any()]


def _measured(study: Study, role: str) -> list[Variable]:
    """Give the scores of whole scales and the numbers that a role has."""
    form = study.questionnaire
    found = []
    for variable in dict.fromkeys(variables(form, {}).values()):
        score = score_name(variable, form)
        if variable.role != role or variable.levels:
            continue
        if score is None or variable.column == score_column(score.scale, "", score.about):
            found.append(variable)
    return found


def _counted(flags: np.ndarray) -> Iterator[tuple[np.ndarray, int]]:
    """Count the rows of each pattern, most frequent first."""
    if not flags.size:
        return
    kinds, counts = np.unique(flags, axis=0, return_counts=True)
    for place in np.argsort(-counts, kind="stable"):
        yield kinds[place], int(counts[place])
