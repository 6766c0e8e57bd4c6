"""Tables as HTML."""

from markupsafe import Markup, escape

from driehoek.reporting.labels import Labels
from driehoek.reporting.symbols import pieces
from driehoek.reporting.table import Cell, Column, Row, Table
from driehoek.reporting.templating import render
from driehoek.reporting.wording import vocabulary

IN_REPORT = "#source-{}"
BESIDE = "../../statistics/{}.csv"


def table_html(table: Table, labels: Labels, *, sources: str, number: int = 0) -> Markup:
    """Render a table.

    Parameters
    ----------
    table : Table
    labels : Labels
        For the reasons of absent cells.
    sources : str
        Address of the source of a number, with ``{}`` for the name of its file.
    number : int
        On paper; 0 for none.
    """
    return Markup(  # noqa: S704 - the template escapes what it is given
        render(
            "table.html",
            table=table,
            number=number,
            heads=[_head(column) for column in table.columns],
            body=_body(table, sources),
            reasons={mark: labels.sentence(reason) for reason, mark in table.marks.items()},
            words=vocabulary(table.language),
            sources=sources,
        )
    )


def page_html(table: Table, labels: Labels) -> str:
    """Render one table as a page of its own, for the folder of tables."""
    content = table_html(table, labels, sources=BESIDE)
    return render("table_page.html", table=table, content=content)


HEADING = Markup('<tr class="heading"><th scope="rowgroup" colspan="{}"><span>{}</span></th></tr>')
ROW = Markup('<tr{}><th scope="row" class="level{}">{}</th>{}</tr>')
ANCHOR = Markup(' id="{}"')
LINK = Markup('<a href="{}" title="{}" class="number">{}</a>')
LEADS = Markup('<a href="{}">{}</a>')
MARK = Markup("<sup>{}</sup>")
ITALIC = Markup("<em>{}</em>")
DATA = Markup("<td{}>{}{}</td>")
WORDS = Markup(' class="words"')


def _head(column: Column) -> Markup:
    parts = pieces(column.label)
    return Markup("").join(ITALIC.format(p) if is_italic else escape(p) for p, is_italic in parts)


def _body(table: Table, sources: str) -> Markup:
    """Render the rows; each value is escaped by the markup it is put into."""
    marks = table.marks
    return Markup("\n").join(_row(row, table, sources, marks) for row in table.rows)


def _row(row: Row, table: Table, sources: str, marks: dict[str, str]) -> Markup:
    if row.is_heading:
        return HEADING.format(len(table.columns) + 1, row.label)
    cells = (
        _cell(cell, column, table.language, sources, marks)
        for cell, column in zip(row.cells, table.columns, strict=True)
    )
    anchor = ANCHOR.format(row.anchor) if row.anchor else ""
    return ROW.format(anchor, row.level, row.label, Markup("").join(cells))


def _cell(cell: Cell, column: Column, language: str, sources: str, marks: dict[str, str]) -> Markup:
    words = escape(cell.written(language))
    if cell.id:
        words = LINK.format(sources.format(cell.file), cell.id, words)
    elif cell.link:
        words = LEADS.format(cell.link, words)
    mark = MARK.format(marks[cell.reason]) if cell.reason else ""
    return DATA.format(WORDS if column.is_words else "", words, mark)
