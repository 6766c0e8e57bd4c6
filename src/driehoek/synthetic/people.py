"""Who takes part in a twin: triads drawn from the patterns of taking part, under new codes."""

import numpy as np
import pandas as pd


def draw_members(responses: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw as many triads as there are, each with the roles and waves of one that is.

    A triad's pattern says only how many people of which role answered in which waves. Patterns
    are drawn with replacement, so that a pattern's presence in the twin does not tell that a
    triad has it once.

    Parameters
    ----------
    responses : pandas.DataFrame
        ``triad, person, role, wave`` of the kept responses, in order.

    Returns
    -------
    pandas.DataFrame
        ``triad, person, role, wave``: one row a response, under new codes.
    """
    known = responses.drop_duplicates(["triad", "person", "role", "wave"])
    own: dict[str, dict[str, list[tuple[str, str]]]] = {}
    for triad, person, role, wave in known[["triad", "person", "role", "wave"]].to_numpy():
        own.setdefault(triad, {}).setdefault(f"{role}/{person}", []).append((role, wave))
    patterns = [
        sorted((taken[0][0], tuple(wave for _, wave in taken)) for taken in people.values())
        for people in own.values()
    ]
    patterns.sort()  # the order of the real triads must not show
    chosen = rng.integers(0, len(patterns), size=len(patterns))
    records = []
    for number, position in enumerate(chosen.tolist(), 1):
        triad, count = f"SYN{number:05d}", dict[str, int]()
        for role, waves in patterns[position]:
            count[role] = count.get(role, 0) + 1
            person = f"{triad}-{role[0].upper()}{count[role]}"
            records += [(triad, person, role, wave) for wave in waves]
    return pd.DataFrame(records, columns=["triad", "person", "role", "wave"])
