"""Symbols of statistics in the heads of columns, which stand in italics.

Style: American Psychological Association (2020), Publication Manual, 7th ed., section 6.44: Latin
letters that stand for statistics are italic, Greek letters and abbreviations such as CI are not.
"""

import re
from collections.abc import Iterator

_SYMBOL = re.compile(
    r"(?<![A-Za-zÀ-ÿ])(?:M|SD|SE|N|n|p|df|t|z|F|r|b|d|f|g|k|V|R(?=²))(?![A-Za-zÀ-ÿ\d])"
)


def pieces(head: str) -> Iterator[tuple[str, bool]]:
    """Part the head of a column into words, each with whether it stands in italics."""
    end = 0
    for match in _SYMBOL.finditer(head):
        if match.start() > end:
            yield head[end : match.start()], False
        yield match[0], True
        end = match.end()
    if end < len(head):
        yield head[end:], False
