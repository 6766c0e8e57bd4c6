"""Tables as Typst."""

from collections.abc import Iterable

from driehoek.reporting.labels import Labels
from driehoek.reporting.origin import Source
from driehoek.reporting.symbols import pieces
from driehoek.reporting.table import Cell, Row, Table
from driehoek.reporting.widths import is_whole, layout, room, shares
from driehoek.reporting.wording import word


def quoted(words: str) -> str:
    """Give words as a string of Typst, in which nothing is markup."""
    escaped = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def table_typst(table: Table, labels: Labels, anchors: frozenset[str], name: str) -> str:
    """Render a table with its title, notes and source.

    Parameters
    ----------
    table : Table
    labels : Labels
        For the reasons of absent cells.
    anchors : frozenset of str
        The names within the document that links may lead to.
    name : str
        The name of this table among them.
    """
    size = layout(table)[1]
    widths = "".join(f"{each:.1f}pt, " for each in shares(table, size, room(table)))
    aligns = "(left, " + "".join("left, " if c.is_words else "right, " for c in table.columns)
    marks = table.marks
    rows = "".join(_row(row, table, anchors, marks) for row in table.rows)
    whole = str(is_whole(table)).lower()
    return (
        f"#datatable(caption: {quoted(table.title)}, columns: ({widths}), aligns: {aligns}), "
        f"size: {size}pt, whole: {whole},\n head: ({_head(table)}),\n rows: (\n{rows}),\n"
        f" notes: [{_notes(table, labels, anchors)}], name: label({quoted(name)}))\n"
    )


def _head(table: Table) -> str:
    cells = []
    if table.has_spanners:
        cells, lines, start = ["[]"], [], 1
        for label, span in table.spans():
            cells.append(f"table.cell(colspan: {span}, align: center, {quoted(label)})")
            if label:
                lines.append(f"table.hline(start: {start}, end: {start + span}, stroke: 0.4pt)")
            start += span
        cells += lines
    cells.append(quoted(table.stub))
    cells += [_symbols(column.label) for column in table.columns]
    return ", ".join(cells) + ","


def _symbols(label: str) -> str:
    parts = (f"#{'emph' if is_italic else 'text'}({quoted(p)});" for p, is_italic in pieces(label))
    return f"[{''.join(parts)}]"


def _row(row: Row, table: Table, anchors: frozenset[str], marks: dict[str, str]) -> str:
    if row.is_heading:
        span = len(table.columns) + 1
        label = f"strong({quoted(row.label)})"
        cell = f"table.cell(colspan: {span}, inset: (x: 3.2pt, top: 6pt, bottom: 2.6pt), {label})"
        return f"table.header(level: 2, {cell}),\n"
    label = f"[#pad(left: {row.level * 7}pt, {quoted(row.label)})"
    label += f"#metadata(none)<{row.anchor}>" if row.anchor else ""
    cells = (_cell(cell, table.language, anchors, marks) for cell in row.cells)
    return f"{label}], {', '.join(cells)},\n"


def _cell(cell: Cell, language: str, anchors: frozenset[str], marks: dict[str, str]) -> str:
    words = quoted(cell.written(language))
    if cell.link.removeprefix("#") in anchors:
        return f"link(<{cell.link.removeprefix('#')}>, {words})"
    if cell.reason:
        return f"[#{words};#super({quoted(marks[cell.reason])})]"
    return words


def _notes(table: Table, labels: Labels, anchors: frozenset[str]) -> str:
    notes = []
    if table.notes:
        notes.append(f"#par[{noted(table.language, ' '.join(table.notes))}]")
    for reason, mark in table.marks.items():
        said = quoted(" " + labels.sentence(reason))
        notes.append(f"#par[#super({quoted(mark)});#{said};]")
    if table.sources:
        notes.append(sources_typst(table.sources, table.language, anchors))
    return "\n".join(notes)


def noted(language: str, words: str) -> str:
    """Write a note after its word."""
    return f"#emph({quoted(word(language, 'note'))});#{quoted(' ' + words)};"


def sources_typst(sources: Iterable[Source], language: str, anchors: frozenset[str]) -> str:
    """Name the files and rows behind a table or figure, each file with the way to its rule."""
    links = (f"#{_source(each, anchors)};" for each in sources)
    words = quoted(word(language, "source_of_numbers") + ": ")
    return f"#par[#{words};{', '.join(links)}]"


def _source(source: Source, anchors: frozenset[str]) -> str:
    name, anchor = quoted(f"{source.file}.csv"), f"source-{source.file}"
    rows = quoted(f" ({source.rows})" if source.rows else "")
    return f"{{{f'link(<{anchor}>, {name})' if anchor in anchors else name}; {rows}}}"
