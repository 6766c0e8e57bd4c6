"""Data that could tell who somebody is: recognised by their form, and never shown."""

import re

import pandas as pd

SAMPLE = 200
SHOWN_CHARACTERS = 30
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}")
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_IPV6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f:]*")
_PHONE = re.compile(r"(?<!\d)(?:\+31|0031|0)[\s-]?(?:\(0\))?[1-9](?:[\s-]?\d){8}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){2,7}[A-Z0-9]{0,4}\b")
_POSTCODE = re.compile(
    r"\b[1-9]\d{3} ?[A-Z]{2}\b.{0,20}?\b\d{1,5}\b|\b\d{1,5}\b.{0,20}?\b[1-9]\d{3} ?[A-Z]{2}\b"
)
_NINE_DIGITS = re.compile(r"(?<!\d)\d{4}[. ]?\d{2}[. ]?\d{3}(?!\d)")

_FORMS = {
    "e-mail address": _EMAIL,
    "IP address": _IPV4,
    "IPv6 address": _IPV6,
    "IBAN": _IBAN,
    "phone number": _PHONE,
    "postcode and house number": _POSTCODE,
}


def kind_of_identifier(text: str) -> str:
    """Name the kind of identifying data that a text holds; empty where none is seen."""
    for name, form in _FORMS.items():
        if form.search(text):
            return name
    if any(is_bsn(each) for each in _NINE_DIGITS.findall(text)):
        return "citizen service number"
    return ""


def without_identifiers(text: str) -> str:
    """Put the kind of identifying data, in brackets, in its place in a text."""
    for name, form in _FORMS.items():
        text = form.sub(f"({name})", text)
    return _NINE_DIGITS.sub(
        lambda found: "(citizen service number)" if is_bsn(found.group()) else found.group(), text
    )


def is_bsn(text: str) -> bool:
    """Tell whether nine digits pass the test of the Dutch citizen service number (BSN).

    The digits times 9, 8, 7, 6, 5, 4, 3, 2 and -1 add up to a multiple of eleven, and not
    all are zero.
    """
    digits = [int(each) for each in text if each.isdigit()]
    if len(digits) != 9 or not any(digits):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * d for w, d in zip(weights, digits, strict=True)) % 11 == 0


def kind_in_column(texts: pd.Series) -> str:
    """Name the kind of identifying data that most of a column's first filled cells hold."""
    filled = texts[texts != ""].head(SAMPLE)
    kinds = [kind_of_identifier(text) for text in filled]
    found = [kind for kind in kinds if kind]
    return max(set(found), key=found.count) if len(found) * 2 > len(kinds) else ""


def without_headings(roster: pd.DataFrame) -> pd.DataFrame:
    """Give a roster of columns with the headings of those that were dropped as their place.

    Parameters
    ----------
    roster : pandas.DataFrame
        ``column, question, use, matched_by``, one row a column of the file.
    """
    places = pd.Series([f"column {place}" for place in range(1, len(roster) + 1)], roster.index)
    is_dropped = roster["use"].str.endswith("dropped")
    return roster.assign(column=roster["column"].mask(is_dropped, places))


def shown(text: str) -> str:
    """Give a cell as a message or log may show it: identifying data by its kind, cut short."""
    if kind := kind_of_identifier(text):
        return f"({kind})"
    short = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
    return repr(short)
