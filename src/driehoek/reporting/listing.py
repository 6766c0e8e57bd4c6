"""The list of drawn figures: how the report finds them with their captions."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from driehoek.files import write_text

LISTING = "figures.json"


@dataclass(frozen=True, slots=True)
class Listed:
    """A figure on file.

    Attributes
    ----------
    name : str
        Stem of its files.
    kind, scale : str
        Its kind, and the scale, model or set of correlations it shows.
    title, alt : str
        Caption, and the words for who cannot see it.
    note : str
        What its marks mean and what it rests on.
    """

    name: str
    kind: str
    scale: str
    title: str
    alt: str
    note: str = ""


def write_listing(folder: Path, figures: Iterable[Listed]) -> None:
    """Write the list of figures into their folder."""
    content = [asdict(figure) for figure in figures]
    write_text(folder / LISTING, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def read_listing(folder: Path) -> list[Listed]:
    """Read the list of figures of a folder."""
    content = json.loads((folder / LISTING).read_text(encoding="utf-8"))
    return [Listed(**figure) for figure in content]
