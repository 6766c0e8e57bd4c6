"""Codes that may be one code mistyped: reported beside the raw data, never merged."""

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

COLUMNS = ["kind", "code", "other", "why", "responses", "responses_other"]
# More pairs than this share of the codes: codes lie so close that nearness says nothing.
DENSE = 0.1
MANY = 20_000
_LOOK_ALIKE = str.maketrans({"O": "0", "Q": "0", "I": "1", "L": "1", "B": "8", "S": "5", "Z": "2"})


def near_matches(kind: str, raw: pd.Series, codes: pd.Series) -> pd.DataFrame:
    """Report codes that nearly match.

    Parameters
    ----------
    kind : str
        triad or person.
    raw, codes : pandas.Series
        Each response's code as written, and normalised; empty where there is none.

    Returns
    -------
    pandas.DataFrame
        ``kind, code, other, why, responses, responses_other``. ``why`` is: written differently
        (taken as one code), look-alike characters, leading zeros, characters swapped, one
        character more. The last two are left out where codes are so dense (running numbers)
        or so many (over 20,000) that they say nothing.
    """
    found = codes[codes != ""].value_counts()
    counts = dict(zip(found.index.tolist(), found.tolist(), strict=True))
    pairs = [(a, b, "look-alike characters") for a, b in _same(counts, _look_alike)]
    pairs += [(a, b, "leading zeros") for a, b in _same(counts, lambda code: code.lstrip("0"))]
    if len(counts) <= MANY:
        slips = [*_swapped(counts), *_one_more(counts)]
        pairs += slips if len(slips) <= max(2, DENSE * len(counts)) else []
    records: list[tuple[object, ...]] = [
        (kind, a, b, why, counts[a], counts[b]) for a, b, why in sorted(set(pairs))
    ]
    records += list(_spellings(kind, raw, codes))
    return pd.DataFrame(records, columns=COLUMNS)


def under_one_invitation(
    kind: str, codes: pd.Series, invitation: pd.Series, role: np.ndarray
) -> pd.DataFrame:
    """Report different codes that answers to one invitation, in one role, came with.

    Professionals answer for several triads, so their triad codes may differ.

    Returns
    -------
    pandas.DataFrame
        As `near_matches`; ``responses`` and ``responses_other`` count within the invitation.
    """
    is_known = (codes != "") & (invitation != "")
    if kind == "triad":
        is_known &= role != "professional"
    table = pd.DataFrame({"invitation": invitation, "role": role, "code": codes})[is_known]
    counts = table.value_counts(sort=False).reset_index()
    several = counts[counts.duplicated(["invitation", "role"], keep=False)]
    records: list[tuple[object, ...]] = []
    for _, group in several.sort_values("code").groupby(["invitation", "role"]):
        (first, n), *others = zip(group["code"], group["count"], strict=True)
        records += [(kind, first, other, "one invitation", n, m) for other, m in others]
    return pd.DataFrame(records, columns=COLUMNS)


def _look_alike(code: str) -> str:
    return code.translate(_LOOK_ALIKE)


def _same(counts: dict[str, int], key: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for code in sorted(counts):
        groups[key(code)].append(code)
    for group in groups.values():
        yield from ((group[0], other) for other in group[1:])


def _swapped(counts: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    for code in counts:
        for i in range(len(code) - 1):
            other = code[:i] + code[i + 1] + code[i] + code[i + 2 :]
            if code < other and other in counts:
                yield code, other, "characters swapped"


def _one_more(counts: dict[str, int]) -> Iterator[tuple[str, str, str]]:
    for code in counts:
        for i in range(len(code)):
            other = code[:i] + code[i + 1 :]
            is_zero = code.lstrip("0") == other.lstrip("0")
            if other in counts and not is_zero:
                yield other, code, "one character more"


def _spellings(kind: str, raw: pd.Series, codes: pd.Series) -> Iterator[tuple[object, ...]]:
    written = pd.DataFrame({"raw": raw, "code": codes})[codes != ""]
    counts = written.value_counts(sort=False).reset_index()
    several = counts[counts.duplicated("code", keep=False)].sort_values(["code", "raw"])
    for _, group in several.groupby("code"):
        first = group.iloc[0]
        for _, other in group.iloc[1:].iterrows():
            yield (
                kind,
                first["raw"],
                other["raw"],
                "written differently, taken as one code",
                int(first["count"]),
                int(other["count"]),
            )
