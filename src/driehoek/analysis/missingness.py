"""What is missing in a study: kinds by scale, scores that people miss, Little's test."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from driehoek.analysis.names import Variable, variables
from driehoek.analysis.rows import Row, statistics_frame
from driehoek.analysis.score_names import score_name
from driehoek.disclosure import rare_together, withhold_small_counts, withhold_small_samples
from driehoek.instrument.columns import score_column
from driehoek.models.missingness import little_test
from driehoek.psychometrics.errors import TooFewDataError
from driehoek.responses import MISSING_KINDS
from driehoek.study import Study

NOTHING = "nothing"
COUNTED = ("answers", "score_pattern")


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
        ``score_pattern``: persons by the scores they miss, rare patterns together. ``mcar_chi2``
        and ``mcar_patterns``: Little's test on the scores and numbers of a role in a wave. Counts
        below ``disclosure.min_cell`` are withheld. Who took part in which wave is told by
        `driehoek.analysis.participation`.
    """
    kinds = missing.set_index("response").loc[long["response"]].set_axis(long.index)
    rows: list[Row] = [*_answers(long, kinds, study)]
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


def _score_patterns(people: pd.DataFrame, wave: str, role: str, study: Study) -> Iterator[Row]:
    """Count persons by the scores they miss; patterns of too few persons are put together."""
    names = _names(people, role, study)
    min_cell = study.settings.disclosure.min_cell
    found = (
        (", ".join(f"{role}.{names[each]}" for each in np.flatnonzero(pattern)) or NOTHING, count)
        for pattern, count in _counted(people[names].isna().to_numpy())
    )
    for term, count in rare_together(found, min_cell).items():
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
