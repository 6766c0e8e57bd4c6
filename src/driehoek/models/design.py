"""The design matrix of a model: named columns, declared levels, stated centring."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from driehoek.models.collinear import mean_filled, redundant_columns
from driehoek.models.errors import TermError, TermProblem
from driehoek.models.terms import Factor, Term

Levels = Mapping[str, Sequence[Hashable]]
Centre = Literal["products", "none"]
INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True)
class Aliased:
    """A column that has no coefficient of its own in these data.

    Attributes
    ----------
    label, term : str
        The column and the term it belongs to.
    reason : str
        Why, naming the terms that determine it.
    """

    label: str
    term: str
    reason: str


@dataclass(frozen=True, slots=True)
class Design:
    """The predictors of a model as numbers.

    Attributes
    ----------
    matrix : numpy.ndarray, shape (rows, columns)
        Intercept first; no column is constant besides it or determined by the others.
    labels, terms : tuple of str
        For each column its own label (``relation[child]``) and that of its term (``relation``).
    aliased : tuple of Aliased
        Columns left out because they have no coefficient in these data.
    centres : dict of str to float
        Means taken from the continuous variables that stand in an interaction or a square,
        over the rows given. They are taken off wherever the variable stands in the model, so
        that its main effect holds at that mean.
    references : dict of str to str
        Level of each categorical variable with which the others are compared.
    notes : tuple of str
        What a reader of the coefficients must know, in words.
    """

    matrix: NDArray[np.float64]
    labels: tuple[str, ...]
    terms: tuple[str, ...]
    aliased: tuple[Aliased, ...]
    centres: dict[str, float]
    references: dict[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Variable:
    matrix: NDArray[np.float64]
    labels: tuple[str, ...]
    centre: float | None = None
    reference: str | None = None
    notes: tuple[str, ...] = ()


def design_matrix(
    frame: pd.DataFrame,
    terms: Sequence[Term],
    *,
    categorical: Levels | None = None,
    centre: Centre = "products",
    hinges: Mapping[str, float] | None = None,
    allow_missing: bool = False,
) -> Design:
    """Build the design matrix of terms.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (rows, variables)
        The rows used: no variable of the terms has a missing value in them, unless allowed.
    terms : sequence of Term
        As `driehoek.models.terms.parse_terms` gives them; the intercept is added.
    categorical : mapping of str to sequence, optional
        The levels of each categorical variable in order. Treatment coding: the first level
        that has rows is the reference; dummies are never centred.
    centre : {"products", "none"}
        Whether continuous variables that stand in an interaction or a square are taken from
        their mean over the rows given. Numeric variables with two values count as continuous.
    hinges : mapping of str to float, optional
        Continuous variables with a slope below and another above a value (a linear spline with
        one knot): columns ``name[<knot]`` and ``name[>knot]``, both zero at the knot. Never
        centred or squared.
    allow_missing : bool
        Whether values may be missing: a column is NaN where a variable of its term is. Means,
        reference levels and what is redundant then follow from the values there are.

    Raises
    ------
    TermError
        With every variable that is absent, missing in some row, text without declared levels,
        infinite, outside its declared levels, or categorical and squared.
    """
    levels, knots = dict(categorical or {}), dict(hinges or {})
    _check_variables(frame, terms, levels, knots, allow_missing=allow_missing)
    multiplied = {f.name for t in terms for f in t.factors if len(t.factors) > 1 or f.power > 1}
    variables = {
        name: _categorical(frame[name], levels[name])
        if name in levels
        else _hinged(frame[name], knots[name])
        if name in knots
        else _continuous(frame[name], centred=centre == "products" and name in multiplied)
        for name in dict.fromkeys(name for term in terms for name in term.names)
    }
    return _assemble(terms, variables, len(frame))


def outcome_values(frame: pd.DataFrame, outcome: str) -> NDArray[np.float64]:
    """Give the outcome as numbers.

    Raises
    ------
    TermError
        If it is missing in some row, text or infinite.
    """
    fault = _column_fault(frame, outcome, {})
    if fault is not None:
        raise TermError([TermProblem(outcome, *fault)])
    return frame[outcome].to_numpy(dtype=float)


def _assemble(terms: Sequence[Term], variables: Mapping[str, _Variable], n: int) -> Design:
    blocks = [_columns(term, variables, n) for term in terms]
    labels = [label for block in blocks for label in block.labels]
    owners = [t.label for t, block in zip(terms, blocks, strict=True) for _ in block.labels]
    matrix = np.hstack([np.empty((n, 0)), *[block.matrix for block in blocks]])
    reasons = redundant_columns(mean_filled(matrix), labels)
    kept = [j for j in range(len(labels)) if j not in reasons]
    without = [
        Aliased(t.label, t.label, f"a variable of {t.label} has rows at one level only")
        for t, block in zip(terms, blocks, strict=True)
        if not block.labels
    ]
    centres = {k: v.centre for k, v in variables.items() if v.centre is not None}
    references = {k: v.reference for k, v in variables.items() if v.reference is not None}
    return Design(
        matrix=np.column_stack([np.ones(n), matrix[:, kept]]),
        labels=(INTERCEPT, *(labels[j] for j in kept)),
        terms=(INTERCEPT, *(owners[j] for j in kept)),
        aliased=(*without, *(Aliased(labels[j], owners[j], r) for j, r in reasons.items())),
        centres=centres,
        references=references,
        notes=_notes(variables, centres, references),
    )


def _notes(
    variables: Mapping[str, _Variable], centres: Mapping[str, float], references: Mapping[str, str]
) -> tuple[str, ...]:
    notes = [
        f"{name} is taken from its mean over the rows used ({mean:.6g}) wherever it stands in "
        "the model; main effects hold at that mean"
        for name, mean in centres.items()
    ]
    notes += [f"{name} is compared with {level}" for name, level in references.items()]
    return (*notes, *(note for variable in variables.values() for note in variable.notes))


def _columns(term: Term, variables: Mapping[str, _Variable], n: int) -> _Variable:
    factors = [_factor_columns(factor, variables[factor.name]) for factor in term.factors]
    return reduce(_product, factors, _Variable(np.ones((n, 1)), ("",)))


def _factor_columns(factor: Factor, variable: _Variable) -> _Variable:
    if factor.power == 1:
        return variable
    return _Variable(variable.matrix**factor.power, (factor.label,))


def _product(left: _Variable, right: _Variable) -> _Variable:
    products = left.matrix[:, :, None] * right.matrix[:, None, :]
    labels = tuple(f"{a}:{b}" if a else b for a in left.labels for b in right.labels)
    return _Variable(products.reshape(len(products), len(labels)), labels)


def _continuous(values: pd.Series, *, centred: bool) -> _Variable:
    numbers = values.to_numpy(dtype=float)
    column = numbers[:, None]
    if not centred:
        return _Variable(column, (str(values.name),))
    mean = float(np.nanmean(numbers))
    # Rounding in the mean must not turn a constant into noise.
    is_constant = np.nanmax(numbers) == np.nanmin(numbers)
    spread = column * 0.0 if is_constant else column - mean
    return _Variable(spread, (str(values.name),), centre=mean)


def _hinged(values: pd.Series, knot: float) -> _Variable:
    distance = values.to_numpy(dtype=float) - knot
    sides = np.column_stack([np.minimum(distance, 0), np.maximum(distance, 0)])
    return _Variable(sides, tuple(f"{values.name}[{side}{knot:g}]" for side in "<>"))


def _categorical(values: pd.Series, levels: Sequence[Hashable]) -> _Variable:
    name = str(values.name)
    present = set(values.dropna())
    used = [level for level in levels if level in present]
    places = {level: place for place, level in enumerate(used)}
    codes = values.astype(object).map(places).to_numpy(dtype=float)
    notes = [f"no row used has {name} = {level}" for level in levels if level not in present]
    dummies = (codes[:, None] == np.arange(1, len(used))).astype(float)
    dummies[np.isnan(codes)] = np.nan
    return _Variable(
        dummies,
        tuple(f"{name}[{level}]" for level in used[1:]),
        reference=str(used[0]),
        notes=tuple(notes),
    )


def _check_variables(
    frame: pd.DataFrame,
    terms: Sequence[Term],
    levels: Levels,
    knots: Mapping[str, float],
    *,
    allow_missing: bool,
) -> None:
    if frame.empty:
        raise TermError([TermProblem("data", "no row is left", "give at least one row")])
    squared = {f.name for term in terms for f in term.factors if f.power > 1}
    problems: list[TermProblem] = []
    for name in dict.fromkeys(name for term in terms for name in term.names):
        fault = _column_fault(frame, name, levels, allow_missing=allow_missing)
        if fault is None and name in squared and name in levels:
            fault = ("it is categorical and cannot be squared", "leave the square out")
        if fault is None and name in knots and (name in squared or name in levels):
            fault = ("it has a hinge and is squared or categorical", "leave one of the two out")
        if fault is not None:
            problems.append(TermProblem(name, *fault))
    if problems:
        raise TermError(problems)


def _column_fault(
    frame: pd.DataFrame, name: str, levels: Levels, *, allow_missing: bool = False
) -> tuple[str, str] | None:
    if name not in frame.columns:
        return "the data have no such variable", "use a variable of the data"
    values = frame[name]
    if not isinstance(values, pd.Series):
        return "the data hold this variable twice", "keep one of the two"
    if values.isna().any() and not allow_missing:
        return f"{int(values.isna().sum())} rows have no value", "leave incomplete rows out first"
    if name in levels:
        return _level_fault(values, levels[name])
    if not pd.api.types.is_numeric_dtype(values):
        found = f"it holds text, such as {values.iloc[0]!r}"
        return found, "declare it as categorical with its levels in order"
    infinite = int(np.isinf(values.to_numpy(dtype=float)).sum())
    return (f"{infinite} values are infinite", "correct them") if infinite else None


def _level_fault(values: pd.Series, levels: Sequence[Hashable]) -> tuple[str, str] | None:
    if len(set(levels)) < len(levels):
        return "a level is declared twice", "declare each level once"
    stray = sorted({str(value) for value in values.dropna().unique() if value not in set(levels)})
    if stray:
        found = f"levels that are not declared: {', '.join(stray[:5])}"
        return found, f"declare them or recode them (declared: {', '.join(map(str, levels))})"
    return None
