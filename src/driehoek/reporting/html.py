"""Tables as HTML."""

from markupsafe import Markup, escape

from driehoek.reporting.labels import Labels
from driehoek.reporting.table import Cell, Row, Table
from driehoek.reporting.templating import render
from driehoek.reporting.wording import vocabulary


def table_html(table: Table, labels: Labels, *, statistics: str) -> Markup:
    """Render a table.

    Parameters
    ----------
    table : Table
    labels : Labels
        For the reasons of absent cells.
    statistics : str
        Relative address of the folder with the statistics files, to which numbers link.
    """
    return Markup(  # noqa: S704 - the template escapes what it is given
        render(
            "table.html",
            table=table,
            body=_body(table, statistics),
            reasons={mark: labels.sentence(reason) for reason, mark in table.marks.items()},
            words=vocabulary(table.language),
            statistics=statistics,
        )
    )


def page_html(table: Table, labels: Labels) -> str:
    """Render one table as a page of its own, for the folder of tables."""
    content = table_html(table, labels, statistics="../statistics")
    return render("table_page.html", table=table, content=content)


HEADING = Markup('<tr class="heading"><th scope="rowgroup" colspan="{}"><span>{}</span></th></tr>')
ROW = Markup('<tr><th scope="row" class="level{}">{}</th>{}</tr>')
LINK = Markup('<a href="{}/{}.csv" title="{}" tabindex="-1">{}</a>')
MARK = Markup("<sup>{}</sup>")
DATA = Markup("<td>{}{}</td>")


def _body(table: Table, statistics: str) -> Markup:
    """Render the rows; each value is escaped by the markup it is put into."""
    marks = table.marks
    return Markup("\n").join(_row(row, table, statistics, marks) for row in table.rows)


def _row(row: Row, table: Table, statistics: str, marks: dict[str, str]) -> Markup:
    if row.is_heading:
        return HEADING.format(len(table.columns) + 1, row.label)
    cells = (_cell(cell, table.language, statistics, marks) for cell in row.cells)
    return ROW.format(row.level, row.label, Markup("").join(cells))


def _cell(cell: Cell, language: str, statistics: str, marks: dict[str, str]) -> Markup:
    words = escape(cell.written(language))
    if cell.id:
        words = LINK.format(statistics, cell.file, cell.id, words)
    return DATA.format(words, MARK.format(marks[cell.reason]) if cell.reason else "")
