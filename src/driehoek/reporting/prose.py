"""What the sentences of the report say: the facts and figures behind each of them."""

import math
import re
from dataclasses import dataclass
from typing import Literal

from driehoek.analysis.forms import model_variables
from driehoek.analysis.names import Variable, resolve
from driehoek.reporting import numbers
from driehoek.reporting.headlines import effect_name, headlines, is_effect
from driehoek.reporting.material import Material
from driehoek.reporting.origin import Said, over
from driehoek.reporting.results import Figure
from driehoek.reporting.tables.models import model_notes

Kind = Literal["number", "level", "product", "effect", "actor", "partner"]
_NAME = re.compile(r"[^:*^]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One coefficient whose interval lies on one side of zero.

    Attributes
    ----------
    kind : str
        ``number`` (more of it), ``level`` (compared with `reference`), ``product``, ``effect``
        (of a mediation, or a feature of a surface), or ``actor`` and ``partner`` (of a member's
        own value and another's on its `outcome`).
    is_higher : bool
        Whether the outcome is higher with it.
    label, reference, outcome : str
    said : Said
        Coefficient, interval and p as written in a sentence.
    """

    kind: Kind
    is_higher: bool
    label: str
    reference: str
    outcome: str
    said: Said


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says, for the summary.

    Attributes
    ----------
    name, title, outcome : str
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
    predictors : tuple of str
    same_source : tuple of str
        Predictors rated by the persons who rated the outcome.
    notes : tuple of str
    reason : str
        Why it could not be estimated.
    """

    name: str
    title: str
    outcome: str
    where: str
    n: Said
    n_excluded: Said
    findings: tuple[Finding, ...]
    unclear: tuple[str, ...]
    r2: Figure
    explained: Said
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
        title=material.labels.model(name),
        outcome=model_outcome(material, name),
        where=material.sample_label(plan.sample),
        n=Said(material.count(first.n), first.id),
        n_excluded=Said(material.count(first.n_excluded), first.id),
        findings=tuple(finding(material, name, f) for f in effects if f.excludes_zero),
        unclear=tuple(_label(material, name, f) for f in effects if not f.excludes_zero),
        r2=r2,
        explained=Said(numbers.percent(r2.estimate, material.language), r2.id),
        predictors=tuple(material.labels.variable(each.name) for each in predictors),
        same_source=tuple(material.labels.variable(each.name) for each in shared),
        notes=tuple(model_notes(material, name)),
        reason=material.labels.sentence(reasons[0]) if reasons else "",
    )


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


def _is_same_source(material: Material, outcome: Variable, predictor: Variable) -> bool:
    scales = material.study.questionnaire.instrument.scales
    return predictor.role == outcome.role and predictor.column.split(".")[0] in scales


def finding(material: Material, name: str, figure: Figure) -> Finding:
    """Say what an effect of a model is, whichever side of zero it lies on."""
    is_product = ":" in figure.term or "^" in figure.term
    kind: Kind = "product" if is_product else "level" if "[" in figure.term else "number"
    label, outcome = _label(material, name, figure), ""
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
        reference=_reference(material, name, figure.term) if kind == "level" else "",
        said=Said(coefficient(material, figure), figure.id),
    )


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


@dataclass(frozen=True, slots=True)
class Conduct:
    """The numbers of the methods paragraph, written.

    Attributes
    ----------
    waves : tuple of str
        Each with its date where the study gives one.
    received, excluded, kept : Said
    reasons, roles : tuple of Said
        Numbers left out by reason, and analysed by role.
    alpha, omega : tuple of Said
        Lowest and highest reliability of the scales over roles and waves; empty if there is none.
    """

    waves: tuple[str, ...]
    received: Said
    excluded: Said
    kept: Said
    reasons: tuple[Said, ...]
    roles: tuple[Said, ...]
    alpha: tuple[Said, ...]
    omega: tuple[Said, ...]


def conduct(material: Material) -> Conduct:
    """Gather the numbers of the methods paragraph."""
    figures = material.results.rows("flow")
    excluded = [figure for figure in figures if figure.group == "excluded"]
    kept = [figure for figure in figures if figure.group == "kept"]
    reasons = {f.term: material.named("reasons", f.term) for f in excluded}
    roles = {f.role: material.labels.role(f.role) for f in kept}
    return Conduct(
        waves=tuple(_dated(material, wave) for wave in material.waves),
        received=_total(material, figures),
        excluded=_total(material, excluded),
        kept=_total(material, kept),
        reasons=_each(material, excluded, "term", reasons),
        roles=_each(material, kept, "role", roles),
        alpha=_span(material, "alpha"),
        omega=_span(material, "omega_total"),
    )


def _dated(material: Material, wave: str) -> str:
    date = material.study.wave(wave).date
    return wave + (material.word("dated", date=date) if date else "")


def _total(material: Material, figures: list[Figure], label: str = "") -> Said:
    total = material.count(sum(figure.estimate for figure in figures))
    return over(f"{label}: {total}" if label else total, "sum", figures)


def _each(
    material: Material, figures: list[Figure], key: str, names: dict[str, str]
) -> tuple[Said, ...]:
    return tuple(
        _total(material, [f for f in figures if getattr(f, key) == code], label)
        for code, label in names.items()
    )


def _span(material: Material, statistic: str) -> tuple[Said, ...]:
    found = [
        figure
        for wave in material.waves
        for figure in material.results.rows(f"reliability_{wave}", statistic=statistic, group="")
    ]
    return ends_of(material, found)


def ends_of(material: Material, figures: list[Figure], decimals: int = 2) -> tuple[Said, ...]:
    """Write the lowest and the highest of some numbers that cannot exceed 1; nothing of none."""
    found = sorted((f for f in figures if f.is_present), key=lambda figure: figure.estimate)
    return (
        tuple(
            Said(numbers.bounded(figure.estimate, material.language, decimals), figure.id)
            for figure in (found[0], found[-1])
        )
        if found
        else ()
    )
