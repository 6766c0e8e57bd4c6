"""The closed grammar of model terms: names, ``:``, ``*`` and ``^2``, read and never evaluated."""

import difflib
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from driehoek.models.errors import TermError, TermProblem

MAX_EXPRESSION = 300
MAX_NAME = 100
MAX_FACTORS = 3
MAX_TERMS = 60

_TOKEN = re.compile(
    r"(?P<space>[ \t]+)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)"
    r"|(?P<power>\^[0-9]*)"
    r"|(?P<operator>[:*](?!\*))",
    re.ASCII,
)
_HINTS = {
    "**": "write a^2 for a square",
    "+": "write each term as an entry of its own in the list",
    "-": "leave a term out by not listing it; the intercept is always in the model",
    "(": "functions and brackets are no part of a term; derive the variable first",
    ")": "functions and brackets are no part of a term; derive the variable first",
    "~": "list predictors only; the outcome has its own key",
    "|": "name triad and person in the study file; they are no part of a term",
    "/": "write a:b for an interaction, or derive the quotient first",
}
_GRAMMAR = "a term is a name, a:b (interaction), a*b (both and their interaction) or a^2 (square)"


@dataclass(frozen=True, slots=True, order=True)
class Factor:
    """A variable in a term, as it is (power 1) or squared (power 2)."""

    name: str
    power: int = 1

    @property
    def label(self) -> str:
        """The factor as a study writes it."""
        return self.name if self.power == 1 else f"{self.name}^{self.power}"


@dataclass(frozen=True, slots=True)
class Term:
    """A main effect, a square or an interaction.

    Attributes
    ----------
    factors : tuple of Factor
        At most three different variables, in the order written.
    """

    factors: tuple[Factor, ...]

    @property
    def label(self) -> str:
        """The term as a study writes it, ``a:b`` for an interaction."""
        return ":".join(factor.label for factor in self.factors)

    @property
    def key(self) -> frozenset[Factor]:
        """What makes two terms the same: ``a:b`` is ``b:a``."""
        return frozenset(self.factors)

    @property
    def names(self) -> tuple[str, ...]:
        """The variables of the term."""
        return tuple(factor.name for factor in self.factors)

    def margins(self) -> tuple["Term", ...]:
        """List the lower terms without which this one depends on where zero lies."""
        choices = [range(factor.power + 1) for factor in self.factors]
        lower = []
        for powers in sorted(itertools.product(*choices), key=_low_and_left_first):
            kept = tuple(
                Factor(factor.name, power)
                for factor, power in zip(self.factors, powers, strict=True)
                if power
            )
            if kept and kept != self.factors:
                lower.append(Term(kept))
        return tuple(lower)


def _low_and_left_first(powers: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return sum(powers), tuple(-power for power in powers)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


class _Fault(Exception):  # noqa: N818 (never leaves this module)
    def __init__(self, position: int | None, found: str, mend: str) -> None:
        super().__init__(found)
        self.position, self.found, self.mend = position, found, mend


def parse_terms(
    expressions: Sequence[str], *, known: Collection[str] | None = None
) -> tuple[Term, ...]:
    """Read the terms of one model.

    Parameters
    ----------
    expressions : sequence of str
        Such as ``["carer.hours", "carer.trust.about_seeker*carer.age", "carer.hours^2"]``.
    known : collection of str, optional
        The variables there are; any other name is a fault.

    Returns
    -------
    tuple of Term
        Each term once, main effects of ``a*b`` before their interaction.

    Raises
    ------
    TermError
        With every fault of every expression.
    """
    return parse_blocks([expressions], known=known)[0]


def parse_blocks(
    blocks: Sequence[Sequence[str]], *, known: Collection[str] | None = None
) -> tuple[tuple[Term, ...], ...]:
    """Read the blocks of a hierarchical model: the terms each block adds.

    Parameters
    ----------
    blocks : sequence of sequences of str
        A term that an earlier block holds already is not added again.
    known : collection of str, optional
        The variables there are; any other name is a fault.

    Returns
    -------
    tuple of tuples of Term
        One entry a block, none of them empty.

    Raises
    ------
    TermError
        With every fault: what no term can be, unknown names, a block that adds nothing, a
        square or an interaction without its lower terms, more than 60 terms.
    """
    problems: list[TermProblem] = []
    seen: dict[frozenset[Factor], Term] = {}
    added: list[tuple[Term, ...]] = []
    for number, block in enumerate(blocks, start=1):
        new: dict[frozenset[Factor], Term] = {}
        for term in (term for entry in block for term in _read(entry, known, problems)):
            if term.key not in seen:
                new.setdefault(term.key, term)
        if not new and not problems:
            problems.append(_empty_block(number))
        seen |= new
        problems += _without_margins(new.values(), seen) if not problems else []
        added.append(tuple(new.values()))
    if len(seen) > MAX_TERMS:
        found = f"the model has {len(seen)} terms"
        problems.append(TermProblem("model", found, f"use at most {MAX_TERMS}"))
    if problems or not added:
        raise TermError(problems or [_empty_block(1)])
    return tuple(added)


def _empty_block(number: int) -> TermProblem:
    found = "the block adds no term to the model"
    return TermProblem(f"block {number}", found, "give it a new term or take the block out")


def _without_margins(
    new: Collection[Term], seen: Collection[frozenset[Factor]]
) -> list[TermProblem]:
    problems = []
    for term in new:
        lacking = [margin.label for margin in term.margins() if margin.key not in seen]
        if lacking:
            found = f"the model lacks the lower terms {', '.join(lacking)}"
            mend = "add them to this block or an earlier one (a*b gives a, b and a:b)"
            problems.append(TermProblem(term.label, found, mend))
    return problems


def _read(
    expression: str, known: Collection[str] | None, problems: list[TermProblem]
) -> tuple[Term, ...]:
    try:
        terms = _expand(_tokens(expression))
        _check_names(terms, known)
    except _Fault as fault:
        shown = str(expression)
        shown = shown if len(shown) <= MAX_EXPRESSION else shown[:50] + "..."
        problems.append(TermProblem(shown, fault.found, fault.mend, fault.position))
        return ()
    return terms


def _tokens(expression: str) -> list[_Token]:
    if not isinstance(expression, str) or not expression.strip():
        raise _Fault(None, "this is no term", _GRAMMAR)
    if len(expression) > MAX_EXPRESSION:
        found = f"the term has {len(expression)} characters"
        raise _Fault(None, found, f"keep a term under {MAX_EXPRESSION}")
    tokens, at = [], 0
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None:
            stray = "**" if expression.startswith("**", at) else expression[at]
            mend = _HINTS.get(stray, _GRAMMAR)
            raise _Fault(at + 1, f"{stray!r} is no part of a term", mend)
        if match.lastgroup != "space":
            tokens.append(_Token(str(match.lastgroup), match.group(), at + 1))
        at = match.end()
    return tokens


def _expand(tokens: list[_Token]) -> tuple[Term, ...]:
    """Turn ``a:b*c`` into its terms: ``:`` binds closer than ``*``."""
    products: list[list[Factor]] = [[]]
    waiting = iter(tokens)
    for token in waiting:
        products[-1].append(_factor(token, products))
        following = next(waiting, None)
        if following is not None and following.kind == "power":
            products[-1][-1] = Factor(token.text, _power(following))
            following = next(waiting, None)
        if following is None:
            return tuple(_combinations(products))
        if following.kind != "operator":
            found = f"{following.text!r} follows without : or * between"
            raise _Fault(following.position, found, _GRAMMAR)
        if following.text == "*":
            products.append([])
    last = tokens[-1]
    raise _Fault(last.position, f"nothing follows {last.text!r}", _GRAMMAR)


def _factor(token: _Token, products: list[list[Factor]]) -> Factor:
    if token.kind != "name":
        found = f"a name is expected before {token.text!r}"
        raise _Fault(token.position, found, _GRAMMAR)
    if len(token.text) > MAX_NAME:
        raise _Fault(token.position, "the name is too long", f"keep names under {MAX_NAME}")
    before = [factor.name for product in products for factor in product]
    if token.text in before:
        found = f"{token.text} stands twice in one term"
        raise _Fault(token.position, found, f"write {token.text}^2 for its square")
    if len(before) == MAX_FACTORS:
        found = f"more than {MAX_FACTORS} variables interact"
        raise _Fault(token.position, found, "leave variables out: such a term cannot be read")
    return Factor(token.text)


def _power(token: _Token) -> int:
    if token.text != "^2":
        found = f"the power {token.text!r} is not there"
        raise _Fault(token.position, found, "only squares are: write ^2")
    return 2


def _combinations(products: list[list[Factor]]) -> Iterator[Term]:
    for size in range(1, len(products) + 1):
        for chosen in itertools.combinations(products, size):
            yield Term(tuple(itertools.chain.from_iterable(chosen)))


def _check_names(terms: tuple[Term, ...], known: Collection[str] | None) -> None:
    if known is None:
        return
    names = dict.fromkeys(name for term in terms for name in term.names)
    unknown = [name for name in names if name not in known]
    if unknown:
        near = [m for n in unknown for m in difflib.get_close_matches(n, list(known), n=1)]
        guess = f"did you mean {' and '.join(near)}" if near else "use a variable of the data"
        raise _Fault(None, f"there is no variable {' and no '.join(unknown)}", guess)
