"""A document, whatever it is rendered to: sections of prose, tables and figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from driehoek.reporting.origin import Source
from driehoek.reporting.table import Table

ParagraphKind = Literal["plain", "reason", "banner"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style.

    Attributes
    ----------
    text : str
    is_strong, is_emphasised, is_raised : bool
    link : str
        Address within the document (``#...``) or relative to it; empty for none.
    id : str
        Id of the statistic it states, or of several (`driehoek.reporting.origin`).
    """

    text: str
    is_strong: bool = False
    is_emphasised: bool = False
    is_raised: bool = False
    link: str = ""
    id: str = ""


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: plain, the reason why something is absent, or a banner no one may miss."""

    runs: Runs
    kind: ParagraphKind = "plain"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; in columns where its points are short."""

    points: tuple[Runs, ...]
    is_in_columns: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below that of a section, with the name links lead to."""

    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Tabulated:
    """A table, with its number on paper; 0 for none."""

    table: Table
    number: int = 0

    @property
    def anchor(self) -> str:
        """The name links lead to."""
        return f"table-{self.table.name}"


@dataclass(frozen=True, slots=True)
class Pictured:
    """A figure: the stem of its files in their folder, its caption and its words.

    Attributes
    ----------
    path : pathlib.Path
        Without suffix; ``.svg`` and ``.png`` are there.
    kind, scale : str
        Its kind, and the scale, model or set of correlations it shows.
    title, alt : str
    ids : tuple of str
        Of the statistics it shows.
    sources : tuple of Source
        The files and rows that these stand in.
    note : str
        What its marks mean and what it rests on.
    number : int
        On paper; 0 for none.
    """

    path: Path
    kind: str
    scale: str
    title: str
    alt: str
    ids: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""
    number: int = 0

    @property
    def name(self) -> str:
        """Stem of its files."""
        return self.path.name

    @property
    def anchor(self) -> str:
        """The name links lead to."""
        return f"figure-{self.name}"


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks that a page hides until asked; on paper they stand in the appendix, or not at all.

    Attributes
    ----------
    title : str
    blocks : tuple of Block
    is_on_paper : bool
        False where it would fill many pages that nobody reads on paper.
    """

    title: str
    blocks: tuple["Block", ...]
    is_on_paper: bool = True


Block: TypeAlias = Paragraph | Bullets | Heading | Tabulated | Pictured | Folded


@dataclass(frozen=True, slots=True)
class Section:
    """A section with the name links lead to."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A report in one language.

    Attributes
    ----------
    title, lead, language : str
    banners : tuple of str
        What no reader may miss.
    sections : tuple of Section
    footer : str
    is_sheet : bool
        Whether it is one page without contents or appendix.
    rules : mapping of str to str
        The rule of the workflow that made each statistics file.
    """

    title: str
    lead: str
    language: str
    banners: tuple[str, ...]
    sections: tuple[Section, ...] = field(default_factory=tuple)
    footer: str = ""
    is_sheet: bool = False
    rules: Mapping[str, str] = field(default_factory=dict)


def plain(text: str) -> Runs:
    """Give words without style."""
    return (Run(text),)


def appendix(document: Document) -> list[tuple[Section, list[Folded]]]:
    """Give what paper shows at the end: the folded blocks of each section."""
    found = [
        (section, [b for b in section.blocks if isinstance(b, Folded) and b.is_on_paper])
        for section in document.sections
    ]
    return [(section, blocks) for section, blocks in found if blocks]


def is_appendix(section: Section) -> bool:
    """Say whether all of a section stands in the appendix of paper."""
    return bool(section.blocks) and all(isinstance(block, Folded) for block in section.blocks)


def on_side(blocks: Sequence[Block], is_wide: Callable[[Table], bool]) -> list[bool]:
    """Say which blocks stand on pages on their side: wide tables, with the headings above them."""
    found: list[bool] = []
    for block in reversed(blocks):
        follows = bool(found) and found[-1]
        is_table = isinstance(block, Tabulated) and is_wide(block.table)
        found.append(is_table or (isinstance(block, Heading) and follows))
    return found[::-1]
