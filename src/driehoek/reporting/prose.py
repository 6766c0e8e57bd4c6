"""What the sentences of the report say: the facts and figures behind each of them."""

import math
import re
from dataclasses import dataclass
from typing import Literal

from driehoek.analysis.forms import model_variables
from driehoek.analysis.names import Variable, resolve
from driehoek.plan.mediation import MediationModel
from driehoek.reporting import numbers
from driehoek.reporting.headlines import clarity, effect_name, headlines, is_effect
from driehoek.reporting.labels import is_hinge
from driehoek.reporting.material import Material
from driehoek.reporting.origin import Said
from driehoek.reporting.results import Figure
from driehoek.reporting.tables.models import model_notes

Kind = Literal[
    "number", "level", "wave", "time", "product", "curve", "effect", "actor", "partner",
]  # fmt: skip
RATIOS = {
    "logistic": "odds_ratio", "ordinal": "odds_ratio", "fractional": "odds_ratio",
    "count": "rate_ratio",
}  # fmt: skip
_LEVEL = re.compile(r"(?P<name>[^\[:]+)\[(?P<level>[^\]]*)\]")
_NAME = re.compile(r"[^:*^]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One coefficient whose interval lies on one side of zero.

    Attributes
    ----------
    kind : str
        ``number`` (more of it), ``level`` or ``wave`` (compared with `reference`), ``product``,
        ``curve`` (a square), ``effect`` (of a mediation, or a feature of a surface), or ``actor``
        and ``partner`` (of a member's own value and another's on its `outcome`).
    is_higher : bool
        Whether the outcome is higher with it.
    label, reference, outcome : str
    variable, level : str
        Of a level: the choice, and the level alone.
    said : Said
        Coefficient, interval and p as written in a sentence.
    clarity : float
        How far its interval lies from zero, in widths of the interval.
    effect : str
        Which effect of a mediation or feature of a surface it is.
    parts : tuple of str
        The variables that such an effect is about.
    """

    kind: Kind
    is_higher: bool
    label: str
    reference: str
    outcome: str
    variable: str
    level: str
    said: Said
    clarity: float
    effect: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says, for the summary.

    Attributes
    ----------
    name, kind, title, outcome : str
        Kind of model, as the plan calls it.
    where : str
        The wave or waves.
    n, n_excluded : Said
        Rows used and left out.
    findings : tuple of Finding
    unclear : tuple of str
        Terms whose interval holds zero.
    r2 : Figure
        Empty for a mixed model.
    explained : Said
        R2 of the last block as a percentage.
    rated : str
        Who rated the outcome.
    otherwise : tuple of str
        Terms whose interval excludes zero on complete rows or on completed data, not on both.
    predictors : tuple of str
    same_source : tuple of str
        Predictors rated by the persons who rated the outcome.
    notes : tuple of str
    reason : str
        Why it could not be estimated.
    """

    name: str
    kind: str
    title: str
    outcome: str
    where: str
    n: Said
    n_excluded: Said
    findings: tuple[Finding, ...]
    unclear: tuple[str, ...]
    r2: Figure
    explained: Said
    otherwise: tuple[str, ...]
    predictors: tuple[str, ...]
    same_source: tuple[str, ...]
    notes: tuple[str, ...]
    reason: str


def answers(material: Material) -> list[Answer]:
    """Gather what every model of the plan says."""
    return [_answer(material, name) for name in material.study.settings.plan.models]


def _answer(material: Material, name: str) -> Answer:
    plan = material.study.settings.plan.models[name]
    outcomes, predictors = _variables(material, name)
    found = material.results.rows("models", scale=name, statistic="b")
    is_by_member = plan.kind == "actor_partner"
    last = [f for f in found if is_by_member or f.group == found[-1].group]
    effects = headlines(material, name)
    first = last[0] if last else Figure()
    keys = {"wave": first.wave, "role": first.role, "scale": name, "group": first.group}
    r2 = material.results.one("models", "r2", **keys)
    shared = [p for p in predictors if any(_is_same_source(material, o, p) for o in outcomes)]
    reasons = [f.reason for f in last if not f.is_present and f.reason and not f.term]
    return Answer(
        name=name,
        kind=plan.kind,
        title=material.labels.model(name),
        outcome=model_outcome(material, name),
        where=material.sample_within(plan.sample),
        n=Said(material.count(first.n), first.id),
        n_excluded=Said(material.count(first.n_excluded), first.id),
        findings=tuple(finding(material, name, f) for f in effects if f.excludes_zero),
        unclear=_listed(material, name, [f for f in effects if not f.excludes_zero]),
        r2=r2,
        explained=Said(numbers.percent(r2.estimate, material.language), r2.id),
        otherwise=_listed(material, name, [f for f in effects if _turns(material, f)]),
        predictors=(
            *(material.labels.variable(each.name) for each in predictors),
            *_products(material, name),
        ),
        same_source=tuple(material.labels.variable(each.name) for each in shared),
        notes=tuple(model_notes(material, name)),
        reason=material.labels.sentence(reasons[0]) if reasons else "",
    )


def _listed(material: Material, name: str, figures: list[Figure]) -> tuple[str, ...]:
    """Name effects, the levels of one choice together."""
    found: dict[str, list[str]] = {}
    for figure in figures:
        variable, level = _level(material, figure.term)
        if level and not is_effect(figure):
            found.setdefault(variable, []).append(level)
        else:
            found[_label(material, name, figure)] = []
    return tuple(
        f"{label}: {', '.join(levels)}" if levels else label for label, levels in found.items()
    )


def _level(material: Material, term: str) -> tuple[str, str]:
    """Name a choice and one of its levels; nothing of a column that is no level by itself."""
    match = _LEVEL.fullmatch(term)
    if match is None or is_hinge(term):
        return "", ""
    name = match["name"]
    return material.labels.variable(name), material.labels.level(name, match["level"])


def _turns(material: Material, figure: Figure) -> bool:
    """Say whether completed data put a coefficient on another side of zero, or onto it."""
    keys = {key: getattr(figure, key) for key in ("wave", "role", "scale", "group", "term")}
    before, pooled = (
        material.results.one(file, "b", **keys) for file in ("models", "models_imputed")
    )
    if not (before.is_present and pooled.is_present):
        return False
    same_side = (before.estimate > 0) == (pooled.estimate > 0)
    return before.excludes_zero != pooled.excludes_zero or (before.excludes_zero and not same_side)


def model_outcome(material: Material, name: str) -> str:
    """Name the outcome of a model, or its outcomes."""
    outcomes, _ = _variables(material, name)
    return "; ".join(material.labels.variable(each.name) for each in outcomes)


def _label(material: Material, name: str, figure: Figure) -> str:
    """Name an effect, and in a model with several outcomes also whose."""
    if is_effect(figure):
        return effect_name(material, figure)
    label = material.labels.effect(name, figure.group, figure.term)
    if material.study.settings.plan.models[name].kind != "actor_partner":
        return label
    return f"{label} ({material.word('on')} {material.labels.outcome(name, figure.group)})"


def _variables(material: Material, name: str) -> tuple[list[Variable], list[Variable]]:
    plan = material.study.settings.plan.models[name]
    known = model_variables(material.study.settings, material.study.questionnaire)
    names = [
        part.strip()
        for block in plan.terms
        for term in block
        for part in _NAME.findall(re.sub(r"\^\d", "", term))
    ]
    predictors = dict.fromkeys(resolve(each, known) for each in names)
    return [resolve(each, known) for each in plan.outcomes], list(predictors)


def _products(material: Material, name: str) -> list[str]:
    """Name the products and squares of a model."""
    found = []
    for block in material.study.settings.plan.models[name].terms:
        for term in block:
            parts = [each.strip() for each in re.split(r"[:*]", term)]
            if len(parts) > 1 or "^" in term:
                found.append(" × ".join(_factor(material, part) for part in parts))
    return list(dict.fromkeys(found))


def _factor(material: Material, part: str) -> str:
    variable, _, power = part.partition("^")
    label = material.labels.variable(material.labels.full_name(variable))
    return f"{label}²" if power else label


def _is_same_source(material: Material, outcome: Variable, predictor: Variable) -> bool:
    scales = material.study.questionnaire.instrument.scales
    return predictor.role == outcome.role and predictor.column.split(".")[0] in scales


def finding(material: Material, name: str, figure: Figure) -> Finding:
    """Say what an effect of a model is, whichever side of zero it lies on."""
    is_product = ":" in figure.term or "^" in figure.term
    is_level = "[" in figure.term and not is_hinge(figure.term)
    kind: Kind = "product" if is_product else "level" if is_level else "number"
    label, outcome = _label(material, name, figure), ""
    if figure.term.endswith("^2") and ":" not in figure.term:
        kind, label = "curve", material.labels.term(figure.term.removesuffix("^2"))
    reference = _reference(material, name, figure.term) if kind == "level" else ""
    if kind == "level" and figure.term.startswith("wave["):
        kind, level = "wave", figure.term.removeprefix("wave[").removesuffix("]")
        label, reference = material.wave_within(level), material.wave_within(reference)
    if figure.term == "time":
        kind = "time"
    variable, level = _level(material, figure.term)
    if is_effect(figure):
        kind = "effect"
    elif material.study.settings.plan.models[name].kind == "actor_partner":
        kind = "actor" if figure.term.startswith("actor") else "partner"
        label = material.labels.effect_source(name, figure)
        outcome = material.labels.outcome(name, figure.group)
    return Finding(
        kind=kind,
        is_higher=figure.estimate > 0,
        label=label,
        outcome=outcome,
        reference=reference,
        variable=variable,
        level=level,
        said=_said(material, name, figure),
        clarity=clarity(figure),
        effect=figure.statistic if is_effect(figure) else "",
        parts=_parts(material, name, figure),
    )


def _parts(material: Material, name: str, figure: Figure) -> tuple[str, ...]:
    """Name the variables that an effect of a mediation, or a feature of a surface, is about."""
    plan = material.study.settings.plan.models[name]
    label, full = material.labels.variable, material.labels.full_name
    if not is_effect(figure) or figure.group:  # a group: only at one value of a moderator
        return ()
    if plan.kind == "response_surface":
        return tuple(label(full(each)) for each in plan.predictors)
    if figure.statistic == "indirect":
        return (material.labels.term(figure.term),)
    return (label(full(plan.predictor)),) if isinstance(plan, MediationModel) else ()


def _said(material: Material, name: str, figure: Figure) -> Said:
    """Write an effect as a reader takes it in: of a model of odds or counts its ratio."""
    plan = material.study.settings.plan.models[name]
    statistic = RATIOS.get(plan.kind, "")
    keys = {key: getattr(figure, key) for key in ("wave", "role", "scale", "group", "term")}
    ratio = material.results.one("models", statistic, **keys) if statistic else Figure()
    if not ratio.is_present:
        return Said(coefficient(material, figure), figure.id)
    language, level = material.language, material.word("ci", level=material.level)
    digits = numbers.decimals_beside_one(ratio.estimate, ratio.ci_low, ratio.ci_high)
    value = numbers.decimal(ratio.estimate, language, digits)
    ends = numbers.interval(ratio.ci_low, ratio.ci_high, language, decimals=digits)
    symbol = material.word(statistic).lower()
    p = numbers.p_relation(figure.p, language)
    return Said(f"{symbol}\u00a0=\u00a0{value}, {level} {ends}, p\u00a0{p}", ratio.id)


def coefficient(material: Material, figure: Figure) -> str:
    """Write a coefficient with its interval and p, as in a sentence."""
    language = material.language
    symbol = {"beta": "β", "b": "b"}.get(figure.statistic, material.word("estimate").lower())
    digits = 2 if figure.statistic == "beta" else numbers.decimals_for(figure.se)
    level = material.word("ci", level=material.level)
    value = numbers.decimal(figure.estimate, language, digits)
    ends = numbers.interval(figure.ci_low, figure.ci_high, language, decimals=digits)
    said = f"{symbol}\u00a0=\u00a0{value}, {level} {ends}"
    if math.isnan(figure.p):
        return said
    return f"{said}, p\u00a0{numbers.p_relation(figure.p, language)}"


def _reference(material: Material, name: str, term: str) -> str:
    """Name the level with which the others are compared, from the notes of the model."""
    variable = term.split("[")[0]
    prefix = f"{variable} is compared with "
    for note in material.results.rows("models", scale=name, statistic="note"):
        if note.reason.startswith(prefix):
            return material.labels.level(variable, note.reason.removeprefix(prefix))
    return ""
