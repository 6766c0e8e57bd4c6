"""What of a model is said first: the figures behind its summary and its forest plot."""

import re

from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure

FEATURES = ("a1", "a2", "a3", "a4", "a5")
EFFECTS = ("total", "direct", "indirect", "indirect_total", "index")
INTERVAL = "percentile"
_AT = re.compile(r"(?P<over>[^\[]+)\[(?P<at>low|mean|high)\]")


def headlines(material: Material, name: str) -> list[Figure]:
    """Give the estimates of a model that answer its question, without those that are absent."""
    plan = material.study.settings.plan.models[name]

    def rows(statistic: str) -> list[Figure]:
        return material.results.rows("models", scale=name, statistic=statistic)

    if plan.kind == "mediation":
        found = [f for each in EFFECTS for f in rows(each) if f.method == INTERVAL]
    elif plan.kind == "response_surface" and len(plan.predictors) > 1:
        found = [figure for each in FEATURES for figure in rows(each)]
    else:
        found = [f for f in rows("b") if f.term != "intercept"]
        if plan.kind != "actor_partner":
            found = [f for f in found if f.group == found[-1].group]
        found = [_standardised(material, figure) for figure in found]
    return [figure for figure in found if figure.is_present]


def is_effect(figure: Figure) -> bool:
    """Whether a figure is more than a coefficient: an effect or a feature of a surface."""
    return figure.statistic in {*FEATURES, *EFFECTS}


def clarity(figure: Figure) -> float:
    """Say how far an interval lies from zero, in widths of that interval."""
    nearest = min(abs(figure.ci_low), abs(figure.ci_high))
    width = figure.ci_high - figure.ci_low
    return nearest / width if width > 0 else float("inf")


def effect_name(material: Material, figure: Figure) -> str:
    """Name an effect of a mediation or a feature of a surface."""
    if figure.statistic in FEATURES:
        return material.named("surface", figure.statistic)
    words = material.named("effects", figure.statistic)
    if figure.term and figure.statistic in {"indirect", "index"}:
        words = f"{words} {material.labels.term(figure.term)}"
    if not figure.group:
        return words
    match = _AT.fullmatch(figure.group)
    if match is None:
        return f"{words}; {material.labels.term(figure.group)}"
    return f"{words}; {material.labels.term(match['over'])}: {material.word('at_' + match['at'])}"


def _standardised(material: Material, b: Figure) -> Figure:
    """Give the standardised coefficient where there is one."""
    keys = {"wave": b.wave, "role": b.role, "scale": b.scale, "group": b.group, "term": b.term}
    beta = material.results.one("models", "beta", **keys)
    return beta if beta.is_present else b
