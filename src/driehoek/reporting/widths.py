"""How wide a table is on paper, and how it is laid there."""

from driehoek.reporting.numbers import MINUS
from driehoek.reporting.table import Column, Table

UPRIGHT_POINTS = 482.0
ON_SIDE_POINTS = 728.0
LABEL_POINTS = 112.0
LABEL_PADDING = 26.0  # beside a label of the second level
LEVEL_POINTS = 7.0
LONG_LABEL_POINTS = 190.0
WORDS_POINTS = 96.0
UPRIGHT_SIZES = (8.5, 7.5, 6.8)
ON_SIDE_SIZES = (8.5, 7.5, 6.5)
LETTER_EM = 0.52
NARROW = frozenset(".,;:()[]|'\u00a0 ")
NARROW_SHARE = 0.55  # of the width of a letter
MINUS_EXCESS = 0.3  # by how much a minus sign is wider than a letter
CAPITAL = 0.4  # by how much a capital is wider than a letter
CELL_POINTS = 9.0
WHOLE_ROWS = 20  # a longer table may go on over the next page
NUMBERS_SHARE = 0.6  # of the room left over in a table of numbers; the rest goes to the labels


def is_whole(table: Table) -> bool:
    """Say whether a table is short enough to stand on one page with its notes."""
    return len(table.rows) <= WHOLE_ROWS


def layout(table: Table, letter_em: float = LETTER_EM) -> tuple[bool, float]:
    """Say whether a table needs a page on its side, and the size of its letters in points.

    `letter_em` is the width of a letter of the font as a share of its size.
    """
    upright, on_side = (UPRIGHT_POINTS, UPRIGHT_SIZES), (ON_SIDE_POINTS, ON_SIDE_SIZES)
    spare_levels = 2 - min(max((row.level for row in table.rows), default=0), 2)
    for size in UPRIGHT_SIZES[:2] if not is_whole(table) else ():
        # Labels that wrap make a long table up to twice as long: rather letters a step smaller.
        whole_label = min(
            _label_points(table, size, letter_em) - spare_levels * LEVEL_POINTS, LONG_LABEL_POINTS
        )
        if whole_label + sum(column_points(table, size, letter_em)) <= UPRIGHT_POINTS:
            return False, size
    for is_on_side, (room, sizes) in ((False, upright), (True, on_side)):
        for size in sizes:
            if (
                least_label(table, size, letter_em) + sum(column_points(table, size, letter_em))
                <= room
            ):
                return is_on_side, size
    return True, ON_SIDE_SIZES[-1]


def room(table: Table) -> float:
    """Give the width between the margins of the page a table is laid on, in points."""
    return ON_SIDE_POINTS if layout(table)[0] else UPRIGHT_POINTS


def least_label(table: Table, size: float, letter_em: float) -> float:
    """Give the width that the labels of the rows cannot do without, in points; longer ones wrap."""
    return min(_label_points(table, size, letter_em), LABEL_POINTS)


def column_points(table: Table, size: float, letter_em: float) -> list[float]:
    """Give about how wide each column must be in letters of a size, in points; words can wrap."""
    widths = []
    for place, column in enumerate(table.columns):
        longest = max(_letters(table, place), default=0.0)
        if column.is_words:
            longest = min(longest, WORDS_POINTS / (size * letter_em))
        head = max((_wide(part) for part in column.label.split()), default=0.0)
        widths.append(max(longest, head) * size * letter_em + CELL_POINTS)
    return widths


def shares(
    table: Table, size: float, width: float, letter_em: float = LETTER_EM
) -> tuple[float, ...]:
    """Share the width of a page, in points, among the labels and the columns.

    What is left over goes to the labels and the columns of words, by how long their words are; in
    a table of numbers alone it parts the numbers.
    """
    needed = column_points(table, size, letter_em)
    least, longest = least_label(table, size, letter_em), _label_points(table, size, letter_em)
    if any(column.is_words for column in table.columns):
        label = least
        weights = [
            _weight(table, place, column, size, letter_em)
            for place, column in enumerate(table.columns)
        ]
        spare = max(width - label - sum(needed), 0.0)
        held = LABEL_POINTS / (size * letter_em)
        labels = (len(row.label) for row in table.rows if not row.is_heading)
        mine = 1.0 + sum(max(letters - held, 0.0) for letters in labels)
        added = min(spare * mine / (mine + sum(weights)), longest - label)
        label, spare = label + added, spare - added
    else:
        label = max(min(longest, width - sum(needed)), least)
        spare = max(width - label - sum(needed), 0.0)
        weights = [NUMBERS_SHARE * each for each in needed]
        label += (1 - NUMBERS_SHARE) * spare
        spare *= NUMBERS_SHARE
    total = sum(weights) or 1.0
    widened = [each + spare * weight / total for each, weight in zip(needed, weights, strict=True)]
    shrink = min((width - label) / sum(widened), 1.0) if widened else 1.0
    return (label, *(shrink * each for each in widened))


def _label_points(table: Table, size: float, letter_em: float) -> float:
    longest = max((len(row.label) for row in table.rows if not row.is_heading), default=10)
    return max(longest, len(table.stub)) * size * letter_em + LABEL_PADDING


def _wide(header: str) -> float:
    """Count the letters of a header, capitals for more than one."""
    return len(header) + CAPITAL * sum(letter.isupper() for letter in header)


def _letters(table: Table, place: int) -> list[float]:
    """Count the letters of each cell of a column, narrow signs for less than one."""
    cells = (row.cells[place] for row in table.rows if row.cells)
    texts = ((cell.written(table.language), bool(cell.reason)) for cell in cells)
    return [_signs(words) + mark for words, mark in texts]


def _signs(words: str) -> float:
    narrow = (1 - NARROW_SHARE) * sum(letter in NARROW for letter in words)
    return len(words) - narrow + MINUS_EXCESS * words.count(MINUS)


def _weight(table: Table, place: int, column: Column, size: float, letter_em: float) -> float:
    """Weigh a column of words by the letters beyond those that a narrow column holds."""
    if not column.is_words:
        return 0.0
    held = WORDS_POINTS / (size * letter_em)
    return 1.0 + sum(max(letters - held, 0.0) for letters in _letters(table, place))
