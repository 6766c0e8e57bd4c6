"""Where numbers come from: each statistics file with the rule that made it."""

from collections.abc import Mapping

from driehoek.reporting.material import Material
from driehoek.reporting.table import Cell, Column, Row, Table, text


def sources_table(material: Material, rules: Mapping[str, str]) -> Table:
    """List the statistics files.

    Parameters
    ----------
    material : Material
    rules : mapping of str to str
        The rule of the workflow that made each file, by its name without suffix.
    """
    found = material.results.figures
    counts = {file: sum(f.file == file for f in found) for file in material.results.files}
    rows = tuple(
        Row(
            f"statistics/{file}.csv",
            (Cell("count", (n,)), *_made_by(rules.get(file, ""))),
            anchor=f"source-{file}",
        )
        for file, n in counts.items()
    )
    columns = (
        Column(material.word("rows")),
        Column(material.word("rule"), is_words=True),
        Column(material.word("script"), is_words=True),
    )
    notes = (material.word("note_sources"),)
    title, stub = material.word("table_sources"), material.word("file")
    return Table("sources", title, stub, columns, rows, notes, material.language)


def _made_by(rule: str) -> tuple[Cell, Cell]:
    return text(rule), text(f"scripts/{rule}.py" if rule else "")
