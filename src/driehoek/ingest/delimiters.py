"""What parts the cells of a text file."""

import csv
import io
import itertools
import re

from driehoek.problems import AnswersError, Problem

DELIMITERS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
SNIFF_CHARACTERS = 200_000
SNIFF_RECORDS = 60
_SEP_LINE = re.compile(r'^"?sep=(.)"?\r?\n', re.IGNORECASE)


def recognise_delimiter(text: str, file: str) -> str:
    """Recognise the delimiter by the records' widths, never by a single line.

    Raises
    ------
    AnswersError
        If no delimiter parts the heading into columns, or two do so equally well.
    """
    widths = {each: _widths(text, each) for each in DELIMITERS}
    wide = {each: found for each, found in widths.items() if found and found[0] > 1}
    if not wide:
        found = f"one column only, with the heading {_first_line(text)!r}"
        names = ", ".join(DELIMITERS.values())
        mend = "export as CSV with a comma or semicolon between the cells"
        problem = Problem(file, found, f"cells parted by {names}", mend, row=1, check="delimiter")
        raise AnswersError([problem])
    even = {each: sum(w == found[0] for w in found) / len(found) for each, found in wide.items()}
    best = sorted(wide, key=lambda each: (even[each] >= 0.9, wide[each][0]), reverse=True)
    if len(best) > 1 and even[best[1]] >= 0.9 and wide[best[0]][0] == wide[best[1]][0]:
        found = f"{DELIMITERS[best[0]]} and {DELIMITERS[best[1]]} part the file equally well"
        raise AnswersError([Problem(file, found, "one delimiter", row=1, check="delimiter")])
    return best[0]


def _widths(text: str, delimiter: str) -> list[int]:
    sample = text[:SNIFF_CHARACTERS]
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    found: list[int] = []
    try:
        for record in itertools.islice(reader, SNIFF_RECORDS):
            found += [len(record)] if any(record) else []
    except csv.Error:
        return found
    cut = len(sample) < len(text) and len(found) < SNIFF_RECORDS
    return found[:-1] if cut and len(found) > 1 else found


def without_sep_line(text: str) -> tuple[str, str]:
    """Give the text without Excel's ``sep=`` line, and the delimiter that the line names."""
    match = _SEP_LINE.match(text)
    return (text[match.end() :], match.group(1)) if match else (text, "")


def _first_line(text: str) -> str:
    return text.lstrip().splitlines()[0][:60]
