"""What the sections of a report are put together from."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from driehoek.reporting.document import Block, Bullets, Folded, Pictured, Run, Tabulated
from driehoek.reporting.listing import Listed, read_listing
from driehoek.reporting.macros import prose
from driehoek.reporting.material import Material
from driehoek.reporting.origin import sources_of
from driehoek.reporting.scales import planned_scales
from driehoek.reporting.table import Table
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.reporting.tables.sources import sources_table


@dataclass(frozen=True)
class Parts:
    """The tables, figures and words of a report.

    Attributes
    ----------
    material : Material
    tables : mapping of str to Table
        By name, in order.
    pictures : tuple of Pictured
        Every figure on file, in order.
    software : mapping of str to str
        Versions by name.
    rules : mapping of str to str
        The rule of the workflow that made each statistics file.
    """

    material: Material
    tables: Mapping[str, Table]
    pictures: tuple[Pictured, ...]
    software: Mapping[str, str]
    rules: Mapping[str, str]

    def table(self, name: str) -> list[Block]:
        """Give the table of that name, where there is one."""
        return [Tabulated(self.tables[name])] if name in self.tables else []

    def starting(self, prefix: str) -> list[Table]:
        """Give the tables whose names start so."""
        return [table for name, table in self.tables.items() if name.startswith(prefix)]

    def figures(self, kind: str, *scales: str) -> list[Pictured]:
        """Give the figures of a kind, of these scales (or models) alone where any are named."""
        found = (each for each in self.pictures if each.kind == kind)
        return [each for each in found if not scales or each.scale in scales]

    def prose(self, macro: str, *values: object, template: str = "prose") -> list[Block]:
        """Give what a macro of a template in this language says about these values."""
        return prose(self.material.language, macro, *values, template=template)

    def by_plan(self, prefix: str) -> tuple[list[Table], list[Table]]:
        """Part the tables of scales into those that the plan uses and the others."""
        used = {f"{prefix}{scale}" for scale in planned_scales(self.material)}
        tables = self.starting(prefix)
        return (
            [table for table in tables if table.name in used],
            [table for table in tables if table.name not in used],
        )

    def more_tables(self, tables: Iterable[Table]) -> list[Block]:
        """Give links to tables that are not shown."""
        folder = f"tables/{self.material.language}"
        links = {f"{folder}/{table.name}.html": table.title for table in tables}
        return _links(self.material.word("other_tables"), links)

    def more_figures(self, figures: Iterable[Pictured]) -> list[Block]:
        """Give links to figures that are not shown."""
        folder = f"figures/{self.material.language}"
        links = {f"{folder}/{figure.name}.svg": figure.title for figure in figures}
        return _links(self.material.word("other_figures"), links)


def gather_parts(
    material: Material, figures: Path, software: Mapping[str, str], rules: Mapping[str, str]
) -> Parts:
    """Build every table, and find every figure in its folder."""
    pictures = tuple(
        _pictured(material, figures / each.name, each) for each in read_listing(figures)
    )
    built = [*all_tables(material), sources_table(material, rules)]
    tables = {table.name: table for table in built}
    return Parts(material, tables, pictures, software, rules)


def _pictured(material: Material, path: Path, listed: Listed) -> Pictured:
    """Give a figure on file, with the statistics that the data beside it name."""
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as lines:
        ids = tuple(row["id"] for row in csv.DictReader(lines))
    sources = sources_of(material.results, ids)
    return Pictured(
        path, listed.kind, listed.scale, listed.title, listed.alt, ids, sources, listed.note
    )


def plan_title(material: Material, kind: str, name: str) -> str:
    """Give the title of an entry of the plan, or its name."""
    return material.labels.of(getattr(material.study.settings.plan, kind)[name].title) or name


def folded(tables: Iterable[Table], *, is_on_paper: bool = True) -> list[Block]:
    """Hide each table until asked for."""
    return [Folded(table.title, (Tabulated(table),), is_on_paper) for table in tables]


def _links(title: str, links: Mapping[str, str]) -> list[Block]:
    points = tuple((Run(words, link=address),) for address, words in links.items())
    return [Folded(title, (Bullets(points, is_in_columns=True),), is_on_paper=False)] * bool(points)
