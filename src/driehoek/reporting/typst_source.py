"""The report as the source of a Typst document."""

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from driehoek.reporting.document import (
    Block,
    Bullets,
    Document,
    Folded,
    Heading,
    Paragraph,
    Pictured,
    Run,
    Runs,
    Tabulated,
    appendix,
    is_appendix,
    on_side,
)
from driehoek.reporting.labels import Labels
from driehoek.reporting.origin import file_of
from driehoek.reporting.typst_table import noted, quoted, sources_typst, table_typst
from driehoek.reporting.widths import UPRIGHT_POINTS, layout
from driehoek.reporting.wording import word

FIGURE_POINTS = 620.0
STYLES = {"is_strong": "strong", "is_emphasised": "emph", "is_raised": "super"}


def report_typst(document: Document, labels: Labels) -> str:
    """Write a report; figures are named by their files, in the folder of the figures."""
    writer = _Writer(labels, frozenset(_anchors(document)))
    banners = "".join(quoted(each) + ", " for each in document.banners)
    parts = {
        "title": quoted(document.title),
        "lead": quoted(document.lead),
        "language": quoted(document.language),
        "banners": f"({banners})",
        "contents": quoted(word(document.language, "contents")),
        "footer": quoted(document.footer),
    }
    given = ", ".join(f"{name}: {value}" for name, value in parts.items())
    style = (files("driehoek.reporting") / "templates" / "report.typ").read_text(encoding="utf-8")
    kind = "sheet" if document.is_sheet else "report"
    return f"{style}\n#show: {kind}.with({given})\n\n" + writer.body(document)


def _anchors(document: Document) -> Iterator[str]:
    for section in document.sections:
        if not is_appendix(section):
            yield section.anchor
        yield from _anchors_of(section.blocks)


def _anchors_of(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading() if block.anchor:
                yield block.anchor
            case Tabulated():
                yield block.anchor
                yield from (row.anchor for row in block.table.rows if row.anchor)
            case Pictured():
                yield block.anchor
            case Folded() if block.is_on_paper:
                yield from _anchors_of(block.blocks)


class _Writer:
    def __init__(self, labels: Labels, anchors: frozenset[str]) -> None:
        self.labels = labels
        self.anchors = anchors

    def body(self, document: Document) -> str:
        """Write every section, and what a page folds away in an appendix."""
        written = [
            self._section(_heading(1, section.title, section.anchor), section.blocks)
            for section in document.sections
            if not is_appendix(section)
        ]
        if found := appendix(document):
            intro = Paragraph((Run(word(document.language, "appendix_intro")),))
            written.append(
                f"#pagebreak()\n{_heading(1, word(document.language, 'appendix'))}"
                + self._block(intro)
            )
        for section, hidden in found:
            blocks = [block for each in hidden for block in each.blocks]
            written.append(self._section(_heading(2, section.title), blocks))
        return "\n".join(written)

    def _section(self, heading: str, blocks: Iterable[Block]) -> str:
        """Write blocks, wide tables on pages of their own on their side, headings with them."""
        shown = [block for block in blocks if not isinstance(block, Folded)]
        sources = [self._block(block) for block in shown]
        wide = on_side(shown, lambda table: layout(table)[0])
        written, before = [], heading
        pairs = zip(wide, sources, strict=True)
        for is_wide, group in groupby(pairs, key=lambda pair: pair[0]):
            content = before + "\n".join(source for _, source in group)
            written.append(f"#page(flipped: true)[\n{content}\n]\n" if is_wide else content)
            before = ""
        return "\n".join(written) or before

    def _block(self, block: Block) -> str:
        match block:
            case Paragraph():
                said = f"#par[{self._runs(block.runs)}]\n"
                return f"#text(fill: soft)[{said}]\n" if block.kind == "reason" else said
            case Bullets():
                points = [f"- {self._runs(point)}" for point in block.points]
                if not block.is_in_columns:
                    return "\n".join(points) + "\n"
                half = -(-len(points) // 2)
                sides = ("\n".join(each) for each in (points[:half], points[half:]))
                return f"#grid(columns: (1fr, 1fr), {', '.join(f'[{e}]' for e in sides)})\n"
            case Heading():
                return _heading(2, block.text, block.anchor)
            case Tabulated():
                return table_typst(block.table, self.labels, self.anchors, block.anchor)
            case Pictured():
                return self._picture(block)
            case Folded():
                return ""

    def _picture(self, picture: Pictured) -> str:
        width, height = _size(picture.path.with_suffix(".svg"))
        share = min(UPRIGHT_POINTS / width, FIGURE_POINTS / height, 1.0)
        language = self.labels.language
        said = f"#par[{noted(language, picture.note)}]\n" if picture.note else ""
        if picture.sources:
            said += sources_typst(picture.sources, language, self.anchors)
        parts = {
            "caption": quoted(picture.title),
            "alt": quoted(picture.alt),
            "width": f"{width * share:.1f}pt",
            "notes": f"[{said}]" if said else "none",
            "name": f"label({quoted(picture.anchor)})",
        }
        given = ", ".join(f"{name}: {value}" for name, value in parts.items())
        return f"#picture({quoted('/' + picture.name + '.svg')}, {given})\n"

    def _runs(self, runs: Runs) -> str:
        return "".join(f"#{self._run(run)};" for run in runs)

    def _run(self, run: Run) -> str:
        words = quoted(run.text)
        for style, function in STYLES.items():
            if getattr(run, style):
                words = f"{function}({words})"
        anchor = run.link.removeprefix("#")
        if run.id:
            anchor = f"source-{file_of(run.id)}"
        if anchor in self.anchors:
            return f"link(<{anchor}>, {words})"
        if run.link and not run.link.startswith("#") and not run.id:
            return f"link({quoted(run.link)}, {words})"
        return words


def _heading(level: int, title: str, anchor: str = "") -> str:
    label = f" <{anchor}>" if anchor else ""
    return f"#heading(level: {level}, {quoted(title)}){label}\n"


def _size(svg: Path) -> tuple[float, float]:
    head = svg.read_text(encoding="utf-8")[:2000]
    match = re.search(r'<svg[^>]* width="([0-9.]+)pt" height="([0-9.]+)pt"', head)
    return (float(match[1]), float(match[2])) if match else (UPRIGHT_POINTS, UPRIGHT_POINTS)
