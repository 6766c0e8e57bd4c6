"""Routing conditions: a closed grammar, read once and looked up, never executed.

Grammar: ``name op value``, joined by ``and``, ``or`` and parentheses; op is one of
``== != < <= > >= in``; a value is a number, a role name, or (after ``in``) ``[a, b]``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "in"]
Value = float | str
Truth = np.ndarray  # float: 1 true, 0 false, NaN unknown

_TOKEN = re.compile(r"\s*(==|!=|<=|>=|<|>|[()\[\],]|[A-Za-z][A-Za-z0-9_]*|-?\d+(?:\.\d+)?|'[^']*')")


class RoutingSyntaxError(ValueError):
    """A condition that the grammar does not allow."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question, or ``role``, compared with one or more values."""

    name: str
    operator: Operator
    operands: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Junction:
    """Conditions that must all hold (and), or of which one must hold (or)."""

    kind: Literal["and", "or"]
    parts: tuple["Condition", ...]


Condition = Comparison | Junction


def parse_condition(text: str) -> Condition:
    """Read a routing condition.

    Raises
    ------
    RoutingSyntaxError
        If the text does not follow the grammar; the message quotes the place.
    """
    tokens = list(_tokens(text))
    condition, rest = _either(tokens)
    if rest:
        msg = f"unexpected {rest[0]!r} in the condition {text!r}"
        raise RoutingSyntaxError(msg)
    return condition


def names_in(condition: Condition) -> set[str]:
    """Give the names that a condition looks up."""
    if isinstance(condition, Comparison):
        return {condition.name}
    return set().union(*(names_in(part) for part in condition.parts))


def comparisons_in(condition: Condition) -> list[Comparison]:
    """Give every comparison of a condition, from left to right."""
    if isinstance(condition, Comparison):
        return [condition]
    return [each for part in condition.parts for each in comparisons_in(part)]


def evaluate(condition: Condition, columns: Mapping[str, pd.Series], n: int) -> Truth:
    """Evaluate a condition for each response by three-valued logic.

    Parameters
    ----------
    condition : Condition
    columns : mapping
        Analysis values by question id, and ``role`` as text; each of length `n`.
    n : int
        Number of responses.

    Returns
    -------
    numpy.ndarray, shape (n,)
        1 where it holds, 0 where it does not, NaN where an unanswered question leaves it open.
    """
    if isinstance(condition, Comparison):
        return _compare(condition, columns[condition.name], n)
    parts = np.vstack([evaluate(part, columns, n) for part in condition.parts])
    decisive = 0.0 if condition.kind == "and" else 1.0
    settled = (parts == decisive).any(axis=0)
    is_open = np.isnan(parts).any(axis=0)
    return np.where(settled, decisive, np.where(is_open, np.nan, 1.0 - decisive))


def _compare(comparison: Comparison, column: pd.Series, n: int) -> Truth:
    if comparison.name == "role":
        found = column.astype(str).to_numpy()
        hit = np.isin(found, [str(value) for value in comparison.operands])
        return np.asarray(~hit if comparison.operator == "!=" else hit, dtype=float)
    found = column.to_numpy(dtype=float)
    test = _TESTS[comparison.operator]
    return np.where(
        np.isnan(found), np.nan, test(found, comparison.operands).astype(float)
    ).reshape(n)


_TESTS: dict[str, Callable[[np.ndarray, tuple[Value, ...]], np.ndarray]] = {
    "==": lambda found, values: found == values[0],
    "!=": lambda found, values: found != values[0],
    "<": lambda found, values: found < values[0],
    "<=": lambda found, values: found <= values[0],
    ">": lambda found, values: found > values[0],
    ">=": lambda found, values: found >= values[0],
    "in": lambda found, values: np.isin(found, np.asarray(values)),
}


def _tokens(text: str) -> Iterator[str]:
    position = 0
    text = text.rstrip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            msg = f"cannot read {text[position:].strip()[:20]!r} in the condition {text!r}"
            raise RoutingSyntaxError(msg)
        yield match.group(1)
        position = match.end()


def _either(tokens: list[str]) -> tuple[Condition, list[str]]:
    return _join(tokens, "or", _both)


def _both(tokens: list[str]) -> tuple[Condition, list[str]]:
    return _join(tokens, "and", _one)


def _join(
    tokens: list[str],
    word: Literal["and", "or"],
    inner: Callable[[list[str]], tuple[Condition, list[str]]],
) -> tuple[Condition, list[str]]:
    first, tokens = inner(tokens)
    parts = [first]
    while tokens and tokens[0] == word:
        part, tokens = inner(tokens[1:])
        parts.append(part)
    return (first if len(parts) == 1 else Junction(word, tuple(parts))), tokens


def _one(tokens: list[str]) -> tuple[Condition, list[str]]:
    if tokens and tokens[0] == "(":
        condition, rest = _either(tokens[1:])
        return condition, _expect(rest, ")")
    if len(tokens) < 3 or not tokens[0][0].isalpha() or tokens[1] not in get_args(Operator):
        msg = f"expected 'question operator value', found {' '.join(tokens[:3])!r}"
        raise RoutingSyntaxError(msg)
    name, operator = tokens[0], tokens[1]
    if operator == "in":
        values, rest = _listed(_expect(tokens[2:], "["))
    else:
        values, rest = (_value(tokens[2]),), tokens[3:]
    return Comparison(name, operator, values), rest  # type: ignore[arg-type]


def _listed(tokens: list[str]) -> tuple[tuple[Value, ...], list[str]]:
    values: list[Value] = []
    while tokens and tokens[0] != "]":
        values.append(_value(tokens[0]))
        tokens = tokens[2:] if tokens[1:2] == [","] else tokens[1:]
    return tuple(values), _expect(tokens, "]")


def _expect(tokens: list[str], token: str) -> list[str]:
    if not tokens or tokens[0] != token:
        msg = f"expected {token!r}, found {tokens[0] if tokens else 'the end'!r}"
        raise RoutingSyntaxError(msg)
    return tokens[1:]


def _value(token: str) -> Value:
    if token.startswith("'"):
        return token.strip("'")
    if token[0].isalpha():
        return token
    try:
        return float(token)
    except ValueError as fault:
        msg = f"{token!r} is no number and no role"
        raise RoutingSyntaxError(msg) from fault
