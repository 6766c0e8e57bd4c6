"""Who took part in which wave: persons and triads, those who leave, skip a wave, return or join."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from driehoek.analysis.rows import Row, statistics_frame
from driehoek.study import Study


def presence(long: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Tell in which waves each person gave a response that counts.

    Returns
    -------
    pandas.DataFrame of bool
        A row for each role and person with a code, a column for each wave, in order.
    """
    known = long[long["person"] != ""]
    counts = known.pivot_table(index=["role", "person"], columns="wave", aggfunc="size")
    return counts.reindex(columns=study.wave_names) > 0


def participation(long: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Count persons and triads per wave, and who stayed, left, returned and joined.

    Parameters
    ----------
    long : pandas.DataFrame
        One row per kept response: ``person, triad, wave, role``.
    study : Study

    Returns
    -------
    pandas.DataFrame
        Statistics rows. ``stayed`` and ``left`` are of those who took part in the first wave
        (``n``); ``returned``: there now and before, but not in the wave before; ``joined``: there
        for the first time. ``pattern`` counts persons by the waves they took part in. Counts of
        the study's conduct, not of answers, so they are published whole.
    """
    seen = presence(long, study)
    rows = [*_triads(long, study)]
    for role in study.questionnaire.instrument.roles:
        if role in seen.index.get_level_values("role"):
            rows += _of_role(seen.loc[seen.index.get_level_values("role") == role], role)
    nobody = long[long["person"] == ""].groupby(["wave", "role"], sort=True)
    rows += [
        {"wave": wave, "role": role, "statistic": "no_person_code", "estimate": len(each),
         "n": len(each)}
        for (wave, role), each in nobody
    ]  # fmt: skip
    return statistics_frame([{**row, "method": "count"} for row in rows], "participation")


def _triads(long: pd.DataFrame, study: Study) -> Iterator[Row]:
    roles = list(study.questionnaire.instrument.roles)
    for wave in study.wave_names:
        in_wave = long[long["wave"] == wave]
        n_roles = in_wave.groupby("triad")["role"].nunique()
        whole = int((n_roles == len(roles)).sum())
        yield {"wave": wave, "statistic": "triads", "estimate": len(n_roles), "n": len(n_roles)}
        yield {"wave": wave, "statistic": "whole_triads", "estimate": whole, "n": len(n_roles)}


def _of_role(seen: pd.DataFrame, role: str) -> Iterator[Row]:
    first, *later = seen.columns
    for place, wave in enumerate(seen.columns):
        here, before = seen[wave], seen.iloc[:, :place]
        head = {"wave": wave, "role": role, "n": int(here.sum())}
        yield {**head, "statistic": "persons", "estimate": int(here.sum())}
        if wave not in later:
            continue
        started = {**head, "n": int(seen[first].sum())}
        yield {**started, "statistic": "stayed", "estimate": int((here & seen[first]).sum())}
        yield {**started, "statistic": "left", "estimate": int((~here & seen[first]).sum())}
        is_back = here & before.any(axis=1) & ~before.iloc[:, -1]
        yield {**head, "statistic": "returned", "estimate": int(is_back.sum())}
        yield {**head, "statistic": "joined", "estimate": int((here & ~before.any(axis=1)).sum())}
    kinds, sizes = np.unique(seen.to_numpy(bool), axis=0, return_counts=True)
    names = [" ".join(seen.columns[is_there]) for is_there in kinds]
    for pattern, n in sorted(zip(names, sizes.tolist(), strict=True)):
        common = {"role": role, "group": pattern, "statistic": "pattern", "n": len(seen)}
        yield {**common, "wave": "all", "estimate": n}
