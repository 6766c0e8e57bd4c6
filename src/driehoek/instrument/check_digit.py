"""The check digit of a code: its last character, which follows from those before it.

ISO/IEC 7064:2003, MOD 37,36: digits and capitals have the values 0 to 35, and the check digit is
one of them. It finds every wrong character, and all but 72 in 45,360 swaps of neighbours.
"""

from driehoek.instrument.model import Instrument

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_M = len(ALPHABET)


def has_check_digit(instrument: Instrument, qid: str | None) -> bool:
    """Tell whether the instrument says that codes of this question end in a check digit."""
    question = instrument.background.get(qid or "")
    return question is not None and question.check_digit is not None


def check_digit(code: str) -> str:
    """Give the check digit of a code of capitals and digits.

    Raises
    ------
    ValueError
        If the code is empty or holds another character.
    """
    if not code or not set(code) <= set(ALPHABET):
        msg = f"{code!r} does not consist of capitals and digits"
        raise ValueError(msg)
    return ALPHABET[(1 - _carry(_sum(code))) % _M]


def is_sound(code: str) -> bool:
    """Tell whether a normalised code ends in its check digit."""
    return len(code) > 1 and set(code) <= set(ALPHABET) and _sum(code) == 1


def _sum(code: str) -> int:
    total = _M // 2
    for character in code:
        total = (_carry(total) + _VALUES[character]) % _M
    return total


def _carry(total: int) -> int:
    return (total or _M) * 2 % (_M + 1)
