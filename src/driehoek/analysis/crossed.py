"""Who, of a role, every row of a mixed model belongs to across triads."""

from collections.abc import Sequence

import pandas as pd

KEYS = ["triad", "wave"]


def across(
    rows: pd.DataFrame, long: pd.DataFrame, role: str, outcome_role: str, waves: Sequence[str]
) -> tuple[pd.Series, int]:
    """Give for each row the person of a role who may stand in several triads.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``triad, wave, person`` of the people who answer the outcome.
    long : pandas.DataFrame
        One row per person and wave: ``triad, wave, person`` (empty where unknown), ``role``,
        ``is_primary``.
    role, outcome_role : str
        Where they are the same, the row's own person.
    waves : sequence of str
        In order.

    Returns
    -------
    pandas.Series of str, int
        The triad's primary person of the role in that wave; where that person did not answer,
        the one of the last wave before, else of the first after. A triad without any has one of
        its own, who is in no other triad. Then the number of such triads.
    """
    if role == outcome_role:
        return rows["person"].where(rows["person"] != "", "unknown/" + rows["triad"]), 0
    known = long[(long["role"] == role) & long["is_primary"] & (long["person"] != "")]
    by_wave = known.pivot_table(index="triad", columns="wave", values="person", aggfunc="first")
    nearest = by_wave.reindex(columns=list(waves)).ffill(axis=1).bfill(axis=1).stack()
    own = "unknown/" + rows["triad"].astype("str")
    pairs = zip(rows["triad"], rows["wave"], own, strict=True)
    named = nearest.to_dict()
    found = pd.Series(
        [named.get((triad, wave), alone) for triad, wave, alone in pairs], index=rows.index
    )
    return found, int(rows.loc[found == own, "triad"].nunique())
