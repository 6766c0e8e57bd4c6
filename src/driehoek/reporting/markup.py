"""The prose of templates, a small closed part of HTML, as blocks of a document."""

from collections.abc import Iterable
from html.parser import HTMLParser

from driehoek.reporting.document import Block, Bullets, Heading, Paragraph, Run, Runs

BLOCKS = frozenset({"p", "h3", "ul", "li"})
STYLES = {"strong": "is_strong", "em": "is_emphasised", "sup": "is_raised"}
KNOWN = BLOCKS | STYLES.keys() | {"a"}
LINKS = ("#", "statistics/", "tables/", "figures/", "https://", "mailto:")


class MarkupError(ValueError):
    """A template that says something prose has no form for."""


def blocks(fragment: str) -> list[Block]:
    """Read prose: ``p``, ``h3``, ``ul`` with ``li``, and in them ``strong em sup a``.

    Parameters
    ----------
    fragment : str
        HTML in which every value was escaped.

    Raises
    ------
    MarkupError
        For another element, words outside a block, or a link that leads to a script.
    """
    reader = _Reader()
    reader.feed(fragment)
    reader.close()
    return reader.found


def text_blocks(text: str) -> list[Block]:
    """Give plain text, a study's own, as paragraphs; an empty line parts them."""
    parts = (" ".join(part.split()) for part in text.split("\n\n"))
    return [Paragraph((Run(part),)) for part in parts if part]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._runs: list[Run] = []
        self._points: list[Runs] = []

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        if tag not in KNOWN:
            msg = f"<{tag}> is not known here; there are {', '.join(sorted(KNOWN))}"
            raise MarkupError(msg)
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and not given.get("href", "").startswith(LINKS):
            msg = f"a link starts with one of {', '.join(LINKS)}, not {given.get('href', '')!r}"
            raise MarkupError(msg)
        if tag in BLOCKS:
            self._runs = []
        if tag == "ul":
            self._points = []
        self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            msg = f"</{tag}> closes nothing that is open"
            raise MarkupError(msg)
        _, given = self._open.pop()
        runs = _tidy(self._runs)
        if tag == "li":
            self._points.append(runs)
        elif tag == "ul" and self._points:
            self.found.append(Bullets(tuple(self._points)))
        elif tag == "h3":
            self.found.append(Heading("".join(run.text for run in runs), given.get("id", "")))
        elif tag == "p" and runs:
            self.found.append(_paragraph(runs, given.get("class", "")))

    def handle_data(self, data: str) -> None:
        if not any(tag in BLOCKS - {"ul"} for tag, _ in self._open):
            if data.strip():
                msg = f"words stand outside a paragraph: {data.strip()[:60]!r}"
                raise MarkupError(msg)
            return
        style = {STYLES[tag]: True for tag, _ in self._open if tag in STYLES}
        link = next((given for tag, given in self._open if tag == "a"), {})
        text = data.replace("\n", " ")
        self._runs.append(Run(text, link=link.get("href", ""), id=link.get("title", ""), **style))


def _paragraph(runs: Runs, kind: str) -> Paragraph:
    return Paragraph(runs, "reason" if kind == "reason" else "plain")


def _tidy(runs: list[Run]) -> Runs:
    """Drop white space at the ends, and spaces that follow a space."""
    found: list[Run] = []
    has_space = True
    for run in runs:
        words = [word for word in run.text.split(" ") if word]
        text = " ".join(words)
        before = run.text.startswith(" ") and not has_space
        after = run.text.endswith(" ") and bool(words)
        text = " " * before + text + " " * after
        if text:
            found.append(_with(run, text))
            has_space = text.endswith(" ")
    if found and found[-1].text.endswith(" "):
        found[-1] = _with(found[-1], found[-1].text.rstrip(" "))
    return tuple(run for run in found if run.text)


def _with(run: Run, text: str) -> Run:
    return Run(text, run.is_strong, run.is_emphasised, run.is_raised, run.link, run.id)
