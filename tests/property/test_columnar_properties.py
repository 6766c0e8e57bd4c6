"""Reading by column gives what reading by record gives, or leaves the file to it."""

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from driehoek.ingest.columnar import read_columns
from driehoek.ingest.records import numbered, read_records
from driehoek.problems import AnswersError

PIECES = [
    "",
    "",
    "1",
    "a b",
    "é",
    "NA",
    '"q"',
    '"a,b;c"',
    '"a\n\nb"',
    '"a""b"',
    'a"b',
    '"a"b',
    '"',
    "\r",
]
ENDS = ["\n", "\n", "\r\n", "\n\n", "\r", ",\n", "\n;\n"]
ROW = st.tuples(*[st.sampled_from(PIECES)] * 3, st.sampled_from(ENDS))
WIDTH = 3


def by_record(text, delimiter):
    """Give columns and rows as the csv module reads them; None where it refuses."""
    try:
        records = itertools.islice(numbered(text, delimiter, "any.csv"), 1, None)
        columns, rows, problems = read_records(records, WIDTH, "any.csv")
    except AnswersError:
        return None
    return None if problems else ([column.to_pylist() for column in columns], rows.tolist())


@given(st.lists(ROW, max_size=5), st.sampled_from(",;"))
@example([("1", "2", "3", "\n\n"), ("4", "5", "6", "\n")], ",")
@settings(max_examples=300)
def test_columns_are_those_of_the_records_or_not_read(rows, delimiter):
    lines = [delimiter.join(row[:WIDTH]) + row[WIDTH] for row in rows]
    text = delimiter.join("xyz") + "\n" + "".join(lines)
    columns = read_columns(text, delimiter, WIDTH, 1)
    if columns is not None:
        found = [column.to_pylist() for column in columns]
        assert (found, list(range(2, 2 + len(found[0])))) == by_record(text, delimiter)


CELL = st.text(st.sampled_from([*"aéNA1 '\t,\n", '"']), max_size=6)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6))
@settings(max_examples=100)
def test_quoted_cells_are_read_by_column_as_they_were_written(rows):
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    text = "\r\n".join(["x,y,z", *lines, ""])
    columns = read_columns(text, ",", WIDTH, 1)
    if columns is None:
        assert "\n\n" in text or "\n\r\n" in text
    else:
        assert [column.to_pylist() for column in columns] == [
            list(c) for c in zip(*rows, strict=True)
        ]
