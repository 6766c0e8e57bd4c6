"""The rows that imputation fills: those who answered, and those lost after an earlier wave."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

KEYS = ["response", "triad", "person", "wave", "role", "is_primary"]
SEAT = ["triad", "person", "role"]


def with_lost(long: pd.DataFrame, waves: Sequence[str]) -> pd.DataFrame:
    """Give a row for each response, then one for each wave that a person missed afterwards.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per person and wave.
    waves : sequence of str
        In order.

    Returns
    -------
    pandas.DataFrame
        `KEYS`, ``is_lost``, and ``last``: the row of the person's last response before (itself
        where not lost). A lost row stands for its role in its triad where nobody else does.
    """
    people = long[KEYS].reset_index(drop=True).assign(is_lost=False)
    people["last"] = np.arange(len(people))
    when = people["wave"].map({wave: place for place, wave in enumerate(waves)}).to_numpy()
    seat = people.groupby(SEAT, sort=False).ngroup().to_numpy()
    last = np.full((seat.max(initial=-1) + 1, len(waves)), -1)
    last[seat, when] = np.arange(len(people))
    is_known = (people["person"] != "").to_numpy()
    lost: list[dict[str, object]] = []
    for place, wave in enumerate(waves[1:], start=1):
        before = last[:, place - 1]
        gone = np.flatnonzero((last[:, place] < 0) & (before >= 0))
        gone = gone[is_known[before[gone]]]
        last[gone, place] = before[gone]
        kept = people.iloc[before[gone]]
        lost += [
            {**dict(zip(KEYS, row, strict=True)), "response": f"lost-{wave}-{number}", "wave": wave,
             "is_lost": True, "last": source}
            for number, (row, source) in enumerate(
                zip(kept[KEYS].itertuples(index=False), kept["last"], strict=True)
            )
        ]  # fmt: skip
    if not lost:
        return people
    added = pd.DataFrame(lost)
    both = pd.concat([people, added], ignore_index=True)
    both["is_primary"] = _primary(both)
    return both


def _primary(both: pd.DataFrame) -> pd.Series:
    """Let those who answered stand for their role; else one who was lost, the primary first."""
    order = np.lexsort([~both["is_primary"].to_numpy(bool), both["is_lost"].to_numpy(bool)])
    ranked = both[["triad", "wave", "role"]].iloc[order]
    stands = (~ranked.duplicated()).reindex(both.index)
    return stands & (both["is_lost"] | both["is_primary"])
