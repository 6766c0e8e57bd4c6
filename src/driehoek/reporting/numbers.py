"""Numbers as people read them: the only place where anything is rounded.

Style: American Psychological Association (2020), Publication Manual, 7th ed., sections 6.32-6.45:
two decimals, exact p with three, no zero before the decimal sign where a number cannot exceed 1.
Dutch: decimal comma, point between thousands, semicolon between the ends of an interval.
"""

import math
from dataclasses import dataclass

ABSENT = "–"
MINUS = "−"
NARROWEST = 4
NEARLY_ONE = 0.9995  # a p from here on would be written as 1


@dataclass(frozen=True, slots=True)
class Marks:
    """The punctuation of numbers in one language."""

    decimal: str
    thousands: str
    between: str


MARKS = {"nl": Marks(",", ".", ";\u00a0"), "en": Marks(".", ",", ",\u00a0")}


def marks(language: str) -> Marks:
    """Give the punctuation of a language; English where it is not known."""
    return MARKS.get(language, MARKS["en"])


def decimal(value: float, language: str, decimals: int = 2) -> str:
    """Write a number that can exceed 1, such as a mean or a coefficient."""
    if math.isnan(value):
        return ABSENT
    if math.isinf(value):
        return MINUS + "∞" if value < 0 else "∞"
    text = f"{abs(value):,.{decimals}f}"
    sign = MINUS if value < 0 and float(text.replace(",", "")) else ""
    used = marks(language)
    return sign + text.translate({ord(","): used.thousands, ord("."): used.decimal})


def shortest(value: float, language: str) -> str:
    """Write a number that a study chose, such as a limit, with the decimals that it has."""
    return decimal(value, language, len(f"{value:g}".partition(".")[2]))


def bounded(value: float, language: str, decimals: int = 2) -> str:
    """Write a number that cannot exceed 1, such as r, alpha or R2: no zero before the sign."""
    text = decimal(value, language, decimals)
    zero = "0" + marks(language).decimal
    if text.startswith(zero) or text.startswith(MINUS + zero):
        return text.replace(zero, zero[1:], 1)
    return text


def p_value(value: float, language: str) -> str:
    """Write p with three decimals, or as smaller than .001 or larger than .999."""
    if value < 0.001:
        return f"<\u00a0{marks(language).decimal}001"
    if value >= NEARLY_ONE:
        return f">\u00a0{marks(language).decimal}999"
    return bounded(value, language, 3)


def p_relation(value: float, language: str) -> str:
    """Write p with its sign, for use in a sentence: ``= .034``, ``< .001`` or ``> .999``."""
    text = p_value(value, language)
    return text if text.startswith(("<", ">")) else f"=\u00a0{text}"


def count(value: float, language: str) -> str:
    """Write a number of persons or answers."""
    return decimal(value, language, 0)


def percent(share: float, language: str, decimals: int = 0) -> str:
    """Write a share from 0 to 1 as a percentage."""
    return ABSENT if math.isnan(share) else f"{decimal(100 * share, language, decimals)}%"


def interval(
    low: float, high: float, language: str, *, is_bounded: bool = False, decimals: int = 2
) -> str:
    """Write the two ends of an interval in brackets.

    An end that would round to zero is given more decimals, up to four, and the other end with it:
    a reader must see on which side of zero it lies.
    """
    if math.isnan(low) or math.isnan(high):
        return ABSENT
    decimals = interval_decimals(low, high, decimals)
    write = bounded if is_bounded else decimal
    between = marks(language).between
    return f"[{write(low, language, decimals)}{between}{write(high, language, decimals)}]"


def interval_decimals(low: float, high: float, decimals: int) -> int:
    """Give the decimals at which no end of an interval that lies beside zero rounds to it."""
    while decimals < NARROWEST and any(_vanishes(end, decimals) for end in (low, high)):
        decimals += 1
    return decimals


def decimals_beside_one(*values: float) -> int:
    """Give the decimals at which no ratio that lies beside 1 rounds to it, 2 to 4."""
    decimals = 2
    while decimals < NARROWEST and any(_vanishes(value - 1, decimals) for value in values):
        decimals += 1
    return decimals


def _vanishes(value: float, decimals: int) -> bool:
    """Say whether a number rounds to zero that more decimals would tell from it."""
    return not math.isnan(value) and round(value, decimals) == 0 != round(value, NARROWEST)


def decimals_for(se: float) -> int:
    """Give the decimals at which a standard error shows two figures that count, 2 to 4."""
    if math.isnan(se) or se <= 0:
        return 2
    return min(max(2, 1 - math.floor(math.log10(se))), NARROWEST)
