"""Tables as HTML."""

from markupsafe import Markup

from driehoek.reporting.labels import Labels
from driehoek.reporting.table import Table
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
            reasons={mark: labels.sentence(reason) for reason, mark in table.marks.items()},
            marks=table.marks,
            words=vocabulary(table.language),
            statistics=statistics,
        )
    )


def page_html(table: Table, labels: Labels) -> str:
    """Render one table as a page of its own, for the folder of tables."""
    content = table_html(table, labels, statistics="../statistics")
    return render("table_page.html", table=table, content=content)
