"""What a figure shows, as a sentence that can stand before its title."""

from collections.abc import Callable

from driehoek.reporting import numbers
from driehoek.reporting.document import Paragraph
from driehoek.reporting.headlines import clarity, headlines
from driehoek.reporting.macros import prose
from driehoek.reporting.material import Material
from driehoek.reporting.origin import Said
from driehoek.reporting.prose import finding, model_outcome
from driehoek.reporting.prose_conduct import ends_of
from driehoek.reporting.prose_structure import climbed
from driehoek.reporting.results import Figure
from driehoek.reporting.scales import planned_scales


def figure_title(material: Material, kind: str, scale: str, title: str) -> str:
    """Give the title of a figure, its finding first where the study wants that.

    Kinds of figures without a statistic that decides keep their title.
    """
    if not material.study.settings.report.titles_as_findings or kind not in SAYING:
        return title
    macro, values = SAYING[kind](material, scale)
    said = prose(material.language, macro, *values)
    words = " ".join(
        "".join(run.text for run in block.runs) for block in said if isinstance(block, Paragraph)
    )
    return f"{words} {title}".strip()


Sentence = tuple[str, tuple[object, ...]]


def clearest(figures: list[Figure]) -> Figure | None:
    """Give the estimate whose interval lies farthest from zero, in widths of that interval."""
    shown = [figure for figure in figures if figure.excludes_zero]
    return max(shown, key=clarity, default=None)


def _of_model(material: Material, name: str) -> Sentence:
    best = clearest(headlines(material, name))
    found = finding(material, name, best) if best else None
    return "found_by_model", (model_outcome(material, name), found)


def _of_comparison(material: Material, name: str) -> Sentence:
    rows = material.results.rows("comparisons", scale=name, statistic="difference")
    best = clearest([figure for figure in rows if figure.is_present])
    if best is None:
        return "found_by_comparison", ("", (), False)
    names = [material.labels.level_of(each) for each in best.group.split(" - ") if each]
    outcome = material.labels.variable(best.term) if best.term else ""
    return "found_by_comparison", (outcome, tuple(names), best.estimate > 0)


def _of_correlations(material: Material, name: str) -> Sentence:
    rows = material.results.rows("correlations", group=name, statistic="r")
    best = max((f for f in rows if f.excludes_zero), key=lambda f: abs(f.estimate), default=None)
    if best is None:
        return "found_by_correlations", ((), "")
    names = tuple(material.labels.variable(each) for each in (best.scale, best.term))
    return "found_by_correlations", (names, numbers.bounded(best.estimate, material.language))


def _of_reliability(material: Material, _scale: str) -> Sentence:
    file = f"reliability_{material.waves[0]}"
    found = [
        figure
        for scale in planned_scales(material)
        for figure in material.results.rows(file, statistic="alpha", scale=scale, group="")
    ]
    return "found_by_reliability", (ends_of(material, found),)


def _of_agreement(material: Material, name: str) -> Sentence:
    return "found_by_agreement", (_icc(material, "agreement", name),)


def _of_retest(material: Material, name: str) -> Sentence:
    return "found_by_agreement", (_icc(material, "retest", name),)


def _icc(material: Material, file: str, name: str) -> tuple[Said, ...]:
    found = material.results.rows(file, scale=name, statistic="icc_agreement")
    return ends_of(material, [figure for figure in found if figure.group])


def _of_ladder(material: Material, name: str) -> Sentence:
    return "found_by_ladder", (next(each for each in climbed(material) if each.name == name),)


SAYING: dict[str, Callable[[Material, str], Sentence]] = {
    "forest": _of_model,
    "comparison": _of_comparison,
    "correlations": _of_correlations,
    "reliability": _of_reliability,
    "invariance": _of_ladder,
    "agreement": _of_agreement,
    "retest": _of_retest,
}
