"""The rows that a model of the plan rests on."""

from collections.abc import Iterable, Sequence

import pandas as pd

from driehoek.analysis.names import Variable
from driehoek.plan.regression import Persons

KEYS = ["triad", "wave"]


def model_frame(
    long: pd.DataFrame,
    triads: pd.DataFrame,
    used: Iterable[Variable],
    *,
    persons: Persons,
    wave: str | None,
) -> pd.DataFrame:
    """Lay out the rows of one model.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per person and wave.
    triads : pandas.DataFrame
        One row per triad and wave; the primary person of each role stands for it.
    used : iterable of Variable
        The outcome first; its role decides whose rows they are where every person counts.
    persons : {"primary", "all"}
        One row a triad, or every person of the outcome's role.
    wave : str or None
        The wave the rows are taken from; None: every wave.

    Returns
    -------
    pandas.DataFrame
        ``triad, wave, person`` and a column for each variable, under its full name: analysis
        values. Other roles are those of the primary person.
    """
    variables = list(used)
    role = variables[0].role
    if persons == "primary":
        rows = triads.assign(person=triads["triad"])
    else:
        own = [each for each in variables if each.role == role]
        renamed = {each.column: each.name for each in own}
        everyone = long[long["role"] == role]
        rows = everyone[[*KEYS, "person", *renamed]].rename(columns=renamed)
        others = [each.name for each in variables if each.role != role]
        rows = rows.merge(triads[[*KEYS, *others]], on=KEYS, how="left")
    if wave is not None:
        rows = rows[rows["wave"] == wave]
    names = list(dict.fromkeys(each.name for each in variables))
    return rows[[*KEYS, "person", *names]].reset_index(drop=True)


def one_a_triad(persons: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """Keep, of every triad, the person who was primary first, in all waves."""
    order = persons["wave"].map({wave: place for place, wave in enumerate(waves)})
    primary = persons.assign(order=order)[persons["is_primary"]].sort_values("order", kind="stable")
    chosen = primary.drop_duplicates("triad")[["triad", "person"]]
    return persons.merge(chosen, on=["triad", "person"], how="inner")
