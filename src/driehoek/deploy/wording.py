"""Plain text as platforms want it, and places in a text that wait for the researcher."""

import re
from collections.abc import Iterator, Mapping

from driehoek.deploy.layout import Page

HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_OPEN_PLACE = re.compile(r"\[[^\[\]]+\]")


def as_html(text: str, *, also: Mapping[str, str] | None = None, line_break: str = "<br />") -> str:
    """Write plain text as HTML on one line.

    Parameters
    ----------
    text : str
    also : mapping, optional
        Further characters with their entities.
    line_break : str
    """
    for plain, entity in {**HTML, **(also or {})}.items():
        text = text.replace(plain, entity)
    return line_break.join(" ".join(line.split()) for line in text.strip().splitlines())


def open_places(pages: tuple[Page, ...], languages: list[str]) -> tuple[str, ...]:
    """Say which places in square brackets, such as [date], still have to be filled in."""
    found: dict[str, None] = {}
    for where, text in _texts(pages, languages):
        found |= dict.fromkeys(f"{place} in {where}" for place in _OPEN_PLACE.findall(text))
    if not found:
        return ()
    return (f"Fill in before anybody answers: {'; '.join(found)}.",)


def _texts(pages: tuple[Page, ...], languages: list[str]) -> Iterator[tuple[str, str]]:
    for page in pages:
        for language in languages:
            yield page.id, page.text.get(language, "")
            for entry in page.entries:
                yield entry.id, entry.information.get(language, "")
                yield entry.id, entry.text.get(language, "")
