"""A document on paper: numbers in the text carry a key, and a list says where each comes from."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from driehoek.reporting.document import (
    Block,
    Bullets,
    Document,
    Folded,
    Paragraph,
    Run,
    Runs,
    Section,
    Tabulated,
)
from driehoek.reporting.origin import file_of, operation_of, source_of
from driehoek.reporting.results import Results
from driehoek.reporting.table import Cell, Column, Row, Table, text
from driehoek.reporting.wording import word

ANCHOR = "origins"


def on_paper(document: Document, results: Results) -> Document:
    """Give a document as it is printed; without numbers in its text it stays as it is."""
    keys = _Keys(results)
    sections = tuple(
        replace(each, blocks=tuple(keys.block(block) for block in each.blocks))
        for each in document.sections
    )
    if not keys.said:
        return document
    title = word(document.language, "origins")
    table = Tabulated(_table(document, results, keys))
    # Folded: the last of the appendix.
    origins = Section(ANCHOR, title, (Folded(title, (table,)),))
    return replace(document, sections=(*sections, origins))


@dataclass
class _Keys:
    """Hands out a key for each id of a statistic, and keeps what was stated under it."""

    results: Results
    said: dict[str, dict[str, None]] = field(default_factory=dict)

    def block(self, block: Block) -> Block:
        match block:
            case Paragraph():
                return replace(block, runs=self._runs(block.runs))
            case Bullets():
                return replace(block, points=tuple(self._runs(point) for point in block.points))
            case Folded() if block.is_on_paper:
                return replace(block, blocks=tuple(self.block(each) for each in block.blocks))
            case _:
                return block

    def _runs(self, runs: Runs) -> Runs:
        """Put a key behind each number, behind the last one where several have the same row."""
        ids = [run.id for run in runs if self._is_known(run.id)][1:]
        following = iter([*ids, ""])
        found: list[Run] = []
        for run in runs:
            found.append(run)
            if self._is_known(run.id):
                self.said.setdefault(run.id, {})[run.text] = None
                if next(following) != run.id:
                    found.append(self._key(run.id))
        return tuple(found)

    def _is_known(self, name: str) -> bool:
        return name in self.results.by_id or operation_of(name) != ""

    def _key(self, name: str) -> Run:
        key = list(self.said).index(name) + 1
        return Run(f"[{key}]", is_raised=True, link=f"#{ANCHOR}_{key}")


def _table(document: Document, results: Results, keys: _Keys) -> Table:
    language = document.language
    rows = tuple(
        Row(
            f"[{key}]",
            (text("; ".join(said)), *_where(document, results, name)),
            anchor=f"{ANCHOR}_{key}",
        )
        for key, (name, said) in enumerate(keys.said.items(), 1)
    )
    heads = ("origin_stated", "origin_where", "rule")
    columns = tuple(Column(word(language, head), is_words=True) for head in heads)
    title, stub = word(language, "table_origins"), word(language, "origin_key")
    notes = (word(language, "note_origins", report=language),)
    return Table(ANCHOR, title, stub, columns, rows, notes, language)


def _where(document: Document, results: Results, name: str) -> Iterator[Cell]:
    operation = operation_of(name)
    how = word(document.language, f"origin_{operation}") + " " if operation else ""
    yield text(f"{how}{source_of(results, name)}")
    yield text(document.rules.get(file_of(name), ""))
