"""What the sentences on structure and invariance say: the figures behind each of them."""

from dataclasses import dataclass

from driehoek.analysis.names import known_variables, resolve
from driehoek.reporting import numbers
from driehoek.reporting.material import Material
from driehoek.reporting.origin import Said, over
from driehoek.reporting.prose_conduct import ends_of
from driehoek.reporting.results import Figure
from driehoek.reporting.tables.structure import compared_label, ladder_title
from driehoek.reporting.wording import listed

MEANS = ("scalar", "strict")
PARAMETERS = {"=~": "released_loading", "~1": "released_intercept", "|": "released_threshold"}


@dataclass(frozen=True, slots=True)
class Fitted:
    """The span of fit over the factor models of the scales, written.

    Attributes
    ----------
    n_models, n_failed : Said
        Models estimated, and those with a reason instead.
    cfi, rmsea, srmr : tuple of Said
        Lowest and highest; empty if there is none.
    wave : str
        Empty where there is only one.
    has_roles : bool
    """

    n_models: Said
    n_failed: Said
    cfi: tuple[Said, ...]
    rmsea: tuple[Said, ...]
    srmr: tuple[Said, ...]
    wave: str
    has_roles: bool


@dataclass(frozen=True, slots=True)
class Climbed:
    """What a ladder of invariance says.

    Attributes
    ----------
    name, title, kind : str
        kind: ``roles``, ``waves`` or ``groups``.
    scores : str
    compared : str
        Waves or groups; empty across roles, whom the scores name.
    n_items : Said
        Items compared; across roles the parallel ones.
    highest : Figure
        The last level that holds with all before it.
    level, stops : str
        That level and the first that fails, in words; empty where there is none.
    doubted : tuple of (str, Said)
        Steps that hold by their fit though the test of the difference speaks against them, with p.
    allows_means : bool
        Whether means may be compared.
    released : tuple of str
        What an exploratory search had to release, in words.
    is_partial : bool
        Whether the failing level holds without them.
    reason : str
        Why the ladder could not be climbed.
    """

    name: str
    title: str
    kind: str
    scores: str
    compared: str
    n_items: Said
    highest: Figure
    level: str
    stops: str
    doubted: tuple[tuple[str, Said], ...]
    allows_means: bool
    released: tuple[str, ...]
    is_partial: bool
    reason: str


def fitted(material: Material) -> Fitted:
    """Gather the fit of the scales' factor models."""
    models = material.results.rows("structure", statistic="n_factors")
    tests = material.results.rows("structure", statistic="chi2", term="")
    plan = material.study.settings.plan.structure
    wave = (plan.wave if plan else None) or material.waves[0]
    return Fitted(
        n_models=over(material.count(len(models)), "rows", models),
        n_failed=over(material.count(len(tests) - len(models)), "absent", tests),
        cfi=_span(material, "cfi"),
        rmsea=_span(material, "rmsea"),
        srmr=_span(material, "srmr"),
        wave=material.wave_within(wave) if len(material.waves) > 1 else "",
        has_roles=len(material.roles) > 1,
    )


def climbed(material: Material) -> list[Climbed]:
    """Gather what every ladder of the plan says."""
    return [_climbed(material, name) for name in material.study.settings.plan.invariance]


def _span(material: Material, statistic: str) -> tuple[Said, ...]:
    rows = material.results.rows("structure", statistic=statistic, term="")
    return ends_of(material, rows, 3)


def _climbed(material: Material, name: str) -> Climbed:
    plan = material.study.settings.plan.invariance[name]
    known = known_variables(material.study.settings, material.study.questionnaire)

    def rows(statistic: str) -> list[Figure]:
        return material.results.rows("invariance", scale=name, statistic=statistic)

    highest = next(iter(rows("highest_level")), Figure())
    n_items = next(iter(rows("n_items")), Figure())
    failing = [f.group for f in rows("holds") if f.is_present and not f.estimate]
    first = material.named("levels", failing[0]) if failing else ""
    reasons = [f.reason for f in rows("chi2") if not f.group and not f.is_present]
    return Climbed(
        name=name,
        title=ladder_title(material, name),
        kind=plan.across if plan.across in {"roles", "waves"} else "groups",
        scores=listed(
            [material.labels.variable(resolve(s, known).name) for s in plan.scores],
            material.language,
        ),
        compared=_compared(material, name, rows("n_compared")),
        n_items=Said(material.count(n_items.estimate), n_items.id),
        highest=highest,
        level="" if highest.term == "none" else material.named("levels", highest.term),
        stops=first,
        doubted=_doubted(material, rows("holds"), rows("chi2_difference")),
        allows_means=highest.term in MEANS,
        released=tuple(_parameter(material, figure.term) for figure in rows("released")),
        is_partial=any(figure.estimate == 1 for figure in rows("partial_holds")),
        reason=material.labels.sentence(reasons[0]) if reasons else "",
    )


def _doubted(
    material: Material, verdicts: list[Figure], differences: list[Figure]
) -> tuple[tuple[str, Said], ...]:
    alpha = 1 - material.study.settings.plan.confidence
    holding = {f.group for f in verdicts if f.is_present and f.estimate}
    return tuple(
        (
            material.named("levels", each.group),
            Said(f"p\u00a0{numbers.p_relation(each.p, material.language)}", each.id),
        )
        for each in differences
        if each.group in holding and each.p < alpha
    )


def _compared(material: Material, name: str, found: list[Figure]) -> str:
    across = material.study.settings.plan.invariance[name].across
    if across == "roles":
        return ""
    names = [f.term for f in found if f.is_present]
    return listed([compared_label(material, name, each) for each in names], material.language)


def _parameter(material: Material, name: str) -> str:
    """Put the name of a parameter, such as ``f =~ x``, ``x ~1`` or ``x | t1``, into words."""
    parts = name.split(" ")
    kind = PARAMETERS.get(parts[1], "released_residual")
    item = parts[2] if kind == "released_loading" else parts[0]
    return material.word(kind, item=material.labels.compared_item(item))
