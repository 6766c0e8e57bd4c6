"""How wide a table is on paper, and how it is laid there."""

from driehoek.reporting.table import Table

UPRIGHT_POINTS = 482.0
ON_SIDE_POINTS = 728.0
LABEL_POINTS = 112.0
WORDS_POINTS = 96.0
UPRIGHT_SIZES = (8.5, 7.5, 6.8)
ON_SIDE_SIZES = (8.5, 7.5, 6.5)
LETTER_EM = 0.52
CELL_POINTS = 9.0


def layout(table: Table, letter_em: float = LETTER_EM) -> tuple[bool, float]:
    """Say whether a table needs a page on its side, and the size of its letters in points.

    `letter_em` is the width of a letter of the font as a share of its size.
    """
    upright, on_side = (UPRIGHT_POINTS, UPRIGHT_SIZES), (ON_SIDE_POINTS, ON_SIDE_SIZES)
    for is_on_side, (room, sizes) in ((False, upright), (True, on_side)):
        for size in sizes:
            if LABEL_POINTS + sum(column_points(table, size, letter_em)) <= room:
                return is_on_side, size
    return True, ON_SIDE_SIZES[-1]


def column_points(table: Table, size: float, letter_em: float) -> list[float]:
    """Give about how wide each column is in letters of a size, in points; words can wrap."""
    widths = []
    for place, column in enumerate(table.columns):
        cells = [] if column.is_words else [r.cells[place] for r in table.rows if r.cells]
        longest = [len(c.written(table.language)) + bool(c.reason) for c in cells]
        head = max((len(part) for part in column.label.split()), default=0)
        letters = max([*longest, head]) * size * letter_em + CELL_POINTS
        widths.append(max(letters, WORDS_POINTS if column.is_words else 0.0))
    return widths
