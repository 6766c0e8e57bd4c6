"""Codes whose check digit is wrong: reported beside the raw data, never mended."""

from collections.abc import Iterator

import pandas as pd

from driehoek.ingest.near import COLUMNS, MANY
from driehoek.instrument.check_digit import ALPHABET, is_sound

WRONG = "wrong check digit"


def wrong_check_digits(kind: str, codes: pd.Series) -> pd.DataFrame:
    """Report codes with a wrong check digit, each beside the sound codes one slip away.

    Parameters
    ----------
    kind : str
        triad or person.
    codes : pandas.Series
        Each response's normalised code; empty where there is none.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`. ``other`` is a sound code of this export that one character wrong, too
        many, too few, or two swapped would turn into it; empty where there is none, or where
        there are so many codes (over 20,000 wrong ones) that it was not looked for.
    """
    found = codes[codes != ""].value_counts()
    counts = dict(zip(found.index.tolist(), found.tolist(), strict=True))
    sound = {code for code in counts if is_sound(code)}
    wrong = sorted(set(counts) - sound)
    records = []
    for code in wrong:
        near = sorted(sound & {*_slips(code)}) if len(wrong) <= MANY else []
        for other in near or [""]:
            records.append((kind, code, other, WRONG, counts[code], counts.get(other, 0)))
    return pd.DataFrame(records, columns=COLUMNS)


def _slips(code: str) -> Iterator[str]:
    """Give every code that one slip of the keyboard could have turned into this one."""
    for i in range(len(code) + 1):
        before, after = code[:i], code[i:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for character in ALPHABET:
            yield before + character + after[1:]
            yield before + character + after
