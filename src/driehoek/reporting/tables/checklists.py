"""Reporting checklists, filled from the run: reported, not applicable, or still to be written."""

from collections.abc import Container, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from driehoek.reporting.features import features
from driehoek.reporting.material import Material
from driehoek.reporting.table import Cell, Column, Row, Table, text
from driehoek.reporting.wording import cited

Item = Mapping[str, Any]


def checklist_tables(material: Material) -> Iterator[Table]:
    """Fill every checklist that applies to a study."""
    found = features(material)
    for name, checklist in _checklists().items():
        if checklist.get("when", "always") in found:
            yield _table(material, name, checklist)


def status(
    item: Item, checklist: Item, found: frozenset[str], left_out: Container[str | None]
) -> str:
    """Say whether an item is ``reported``, ``not_applicable``, or is to be written (``write``).

    Parameters
    ----------
    item, checklist : mapping
        As the file of checklists has them.
    found : frozenset of str
        What the study holds.
    left_out : container of str
        Sections that its report leaves out.
    """
    if checklist.get("when", "always") not in found or item.get("when", "always") not in found:
        return "not_applicable"
    return "reported" if item.get("section") not in left_out else "write"


def _table(material: Material, name: str, checklist: Item) -> Table:
    words = _wording(material.language).get(name, {})
    said = words.get("items", {})
    rows = tuple(_row(material, item, checklist, said) for item in checklist["items"])
    columns = (
        Column(material.word("checklist_status"), is_words=True),
        Column(material.word("checklist_where"), is_words=True),
    )
    notes = (material.word("note_checklist", source=cited(checklist["source"], material.language)),)
    title, stub = words.get("title", checklist["title"]), material.word("checklist_item")
    return Table(f"checklist_{name}", title, stub, columns, rows, notes, material.language)


def _row(material: Material, item: Item, checklist: Item, said: Item) -> Row:
    left_out = {None, *material.study.settings.report.leave_out}
    verdict = status(item, checklist, features(material), left_out)
    where = Cell()
    if verdict == "reported":
        where = Cell(text=material.section_title(item["section"]), link=f"#{item['section']}")
    label = f"{item['id']}. {said.get(item['id'], item['words'])}"
    return Row(label, (text(material.word(f"checklist_{verdict}")), where))


@cache
def _checklists() -> dict[str, Item]:
    return _read("checklists.yaml")


@cache
def _wording(language: str) -> dict[str, Item]:
    """Give the words of the checklists in a language; nothing where they are in English only."""
    return _read("checklists.nl.yaml") if language == "nl" else {}


def _read(name: str) -> dict[str, Item]:
    source = files("driehoek.reporting") / "templates" / name
    content: dict[str, Item] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return content
