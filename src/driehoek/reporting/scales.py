"""What a scale's score can be and how it comes about, in words."""

from driehoek.instrument.questions import items_of
from driehoek.reporting import numbers
from driehoek.reporting.material import Material


def score_range(
    material: Material, scale: str, role: str, about: str
) -> tuple[float, float] | None:
    """Give the lowest and highest possible score; None where a published key scores it."""
    questionnaire = material.study.questionnaire
    each = questionnaire.instrument.scales[scale]
    facets = questionnaire.facet_questions(scale, role, about or None)
    asked = [questionnaire.questions[qid] for ids in facets.values() for qid in ids]
    lows = [question.minimum for question in asked if question.minimum is not None]
    highs = [question.maximum for question in asked if question.maximum is not None]
    if each.key is not None or not lows or not highs:
        return None
    if each.score.method == "mean":
        return min(lows), max(highs)
    if each.score.of == "facets":
        return min(lows) * len(facets), max(highs) * len(facets)
    return sum(lows), sum(highs)


def scoring_rule(material: Material, scale: str) -> str:
    """Say how a score comes about."""
    each = material.study.questionnaire.instrument.scales[scale]
    if each.key is not None:
        return material.word("published_key", name=each.key)
    if len(items_of(each)) == 1:
        return material.word("rule_single")
    rule = f"rule_{each.score.of}_{each.score.method}"
    if each.score.min_answered == 1:
        return material.word(f"{rule}_all")
    share = numbers.percent(each.score.min_answered, material.language)
    return material.word(rule, share=share)


def planned_scales(material: Material) -> list[str]:
    """Name the scales that the models and correlations of the plan use; all if there are none."""
    correlated = material.study.settings.plan.correlations.values()
    names = [name for each in correlated for name in each.variables]
    used = {*_scales_in(material, names), *modelled_scales(material)}
    scales = list(material.study.questionnaire.instrument.scales)
    return [scale for scale in scales if scale in used] or scales


def modelled_scales(material: Material) -> list[str]:
    """Name the scales that the models of the plan use."""
    names: list[str] = []
    for model in material.study.settings.plan.models.values():
        names += [*model.outcomes, *(term for block in model.terms for term in block)]
    return _scales_in(material, names)


def _scales_in(material: Material, names: list[str]) -> list[str]:
    words = {part for name in names for factor in name.split(":") for part in factor.split(".")}
    return [scale for scale in material.study.questionnaire.instrument.scales if scale in words]
