"""The numbers of tables and figures, and a sentence that calls each of them out."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from driehoek.reporting.document import (
    Block,
    Document,
    Folded,
    Heading,
    Paragraph,
    Pictured,
    Run,
    Runs,
    Tabulated,
    appendix,
    plain,
)
from driehoek.reporting.wording import word

Shown = Tabulated | Pictured
Numbers = dict[str, int]  # by the anchor of a table or figure


def numbered(document: Document) -> Document:
    """Give what paper shows its number, in the order of paper, and a sentence that calls it out.

    Tables and figures that stand in the folder alone, or on the page alone, have no number.
    """
    numbers = _numbers(document)
    sections = tuple(
        replace(each, blocks=tuple(_called_out(each.blocks, numbers, document.language)))
        for each in document.sections
    )
    return replace(document, sections=sections)


def _numbers(document: Document) -> Numbers:
    shown = [b for s in document.sections for b in s.blocks if isinstance(b, Tabulated | Pictured)]
    shown += [b for _, hidden in appendix(document) for each in hidden for b in _shown([each])]
    found: Numbers = {}
    for kind in (Tabulated, Pictured):
        of_kind = dict.fromkeys(each.anchor for each in shown if isinstance(each, kind))
        found |= {anchor: place for place, anchor in enumerate(of_kind, 1)}
    return found


def _shown(blocks: Iterable[Block]) -> Iterator[Shown]:
    """Give the tables and figures among blocks, folded ones on paper too."""
    for block in blocks:
        if isinstance(block, Tabulated | Pictured):
            yield block
        elif isinstance(block, Folded) and block.is_on_paper:
            yield from _shown(block.blocks)


def _called_out(blocks: tuple[Block, ...], numbers: Numbers, language: str) -> Iterator[Block]:
    """Put a sentence before the first table or figure below each heading, and number all."""
    groups: list[list[Block]] = [[]]
    for block in blocks:
        if isinstance(block, Heading):
            groups.append([])
        groups[-1].append(block)
    for group in groups:
        here = [block for block in group if isinstance(block, Tabulated | Pictured)]
        further = [each for each in _shown(group) if each not in here]
        called = _sentence(here, further, numbers, language)
        for block in group:
            if called and isinstance(block, Tabulated | Pictured | Folded):
                yield Paragraph(called)
                called = ()
            yield _with_number(block, numbers)


def _with_number(block: Block, numbers: Numbers) -> Block:
    match block:
        case Tabulated() | Pictured():
            return replace(block, number=numbers[block.anchor])
        case Folded() if block.is_on_paper:
            return replace(
                block, blocks=tuple(_with_number(each, numbers) for each in block.blocks)
            )
        case _:
            return block


def _sentence(here: list[Shown], further: list[Shown], numbers: Numbers, language: str) -> Runs:
    first, more = (_named(shown, numbers, language) for shown in (here, further))
    if not first:
        first, more = more, ()
    between = plain(word(language, "see_further")) if more else ()
    return (*plain(word(language, "see")), *first, *between, *more, *plain(".")) if first else ()


def _named(shown: list[Shown], numbers: Numbers, language: str) -> Runs:
    """Name tables and then figures, neighbours as a range, each with the way to the first."""
    links = [
        Run(_words(kind, first, last, language), link=f"#{anchor}")
        for kind, of_kind in (("table", Tabulated), ("figure", Pictured))
        for anchor, first, last in _ranges(
            {each.anchor: numbers[each.anchor] for each in shown if isinstance(each, of_kind)}
        )
    ]
    found: list[Run] = []
    for place, link in enumerate(links):
        if place:
            is_last = place == len(links) - 1
            found.append(Run(f" {word(language, 'and')} " if is_last else ", "))
        found.append(link)
    return tuple(found)


def _ranges(numbers: Numbers) -> Iterator[tuple[str, int, int]]:
    """Give neighbouring numbers as ranges: the anchor of the first, the first and the last."""
    run: list[tuple[str, int]] = []
    for anchor, number in sorted(numbers.items(), key=lambda pair: pair[1]):
        if run and number != run[-1][1] + 1:
            yield run[0][0], run[0][1], run[-1][1]
            run = []
        run.append((anchor, number))
    if run:
        yield run[0][0], run[0][1], run[-1][1]


def _words(kind: str, first: int, last: int, language: str) -> str:
    if first == last:
        return f"{word(language, kind)}\u00a0{first}"
    return f"{word(language, f'{kind}_range')}\u00a0{first}–{last}"
