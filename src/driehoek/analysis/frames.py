"""The rows that a model of the plan rests on."""

from collections.abc import Iterable, Mapping

import pandas as pd

from driehoek.analysis.names import Variable
from driehoek.study_file import ModelPlan

KEYS = ["triad", "wave"]


def model_frame(
    long: pd.DataFrame, triads: pd.DataFrame, plan: ModelPlan, used: Iterable[Variable]
) -> pd.DataFrame:
    """Lay out the rows of one model.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per person and wave.
    triads : pandas.DataFrame
        One row per triad and wave; the primary person of each role stands for it.
    plan : ModelPlan
    used : iterable of Variable
        The outcome first; its role decides whose rows they are where every person counts.

    Returns
    -------
    pandas.DataFrame
        ``triad, wave, person`` and a column for each variable, under its full name: analysis
        values, or option codes as text for a choice. Other roles are those of the primary person.
    """
    variables = list(used)
    role = variables[0].role
    if plan.persons == "primary":
        rows = triads.assign(person=triads["triad"])
    else:
        own = [each for each in variables if each.role == role]
        renamed = {each.column: each.name for each in own}
        persons = long[long["role"] == role]
        rows = persons[[*KEYS, "person", *renamed]].rename(columns=renamed)
        others = [each.name for each in variables if each.role != role]
        rows = rows.merge(triads[[*KEYS, *others]], on=KEYS, how="left")
    if plan.wave is not None:
        rows = rows[rows["wave"] == plan.wave]
    names = list(dict.fromkeys(each.name for each in variables))
    return rows[[*KEYS, "person", *names]].reset_index(drop=True)


def with_option_codes(
    rows: pd.DataFrame, used: Iterable[Variable], codes: Mapping[str, Mapping[float, str]]
) -> pd.DataFrame:
    """Turn the analysis values of choices into option codes, which are names, not amounts."""
    changed = {each.name: rows[each.name].map(codes[each.column]) for each in used if each.levels}
    return rows.assign(**changed)
