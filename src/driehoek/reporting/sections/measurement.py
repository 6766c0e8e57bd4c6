"""The sections on the answers and the scales: quality, scores, reliability, structure."""

from driehoek.reporting.document import Block, Folded, Heading, Pictured
from driehoek.reporting.prose_plan import alike, ends
from driehoek.reporting.prose_structure import Climbed, climbed, fitted
from driehoek.reporting.scales import planned_scales
from driehoek.reporting.sections.parts import Parts, folded, plan_title
from driehoek.reporting.tables.quality import excluding_flags


def quality(parts: Parts) -> list[Block]:
    """Say what answers are missing or doubtful, and how each item was answered."""
    shown, others = _by_plan(parts, "likert")
    items, more = parts.by_plan("items_")
    return [
        *parts.prose("quality_intro", excluding_flags(parts.material)),
        *parts.table("missing"),
        *parts.table("missing_at_random"),
        *parts.figures("missing"),
        *(
            Folded(each.title, (each,), is_on_paper=False)
            for each in parts.figures("missing_items")
        ),
        *parts.table("imputation"),
        *(
            Folded(each.title, (each,), is_on_paper=False)
            for each in parts.figures("imputation_traces")
        ),
        *parts.table("flags"),
        *folded(parts.starting("indices")),
        *(Folded(each.title, (each,)) for each in shown),
        *parts.more_figures(others),
        *folded(items, is_on_paper=False),
        *parts.more_tables(more),
    ]


def scores(parts: Parts) -> list[Block]:
    """Describe the scores."""
    shown, others = _by_plan(parts, "scores")
    facets = parts.table("facets")
    return [
        *parts.table("scores"),
        *(block for table in parts.starting("weights_") for block in parts.table(table.name)),
        *([Folded(parts.material.word("show_facets"), tuple(facets))] if facets else []),
        *shown,
        *parts.more_figures(others),
        *(Folded(each.title, (each,)) for each in parts.figures("trajectories")),
    ]


def reliability(parts: Parts) -> list[Block]:
    """Say how reliable the scores are."""
    tables, rest = parts.starting("reliability_"), parts.starting("item_rest_")
    further, errors = parts.starting("coefficients_"), parts.starting("score_error_")
    first = parts.table(tables[0].name) if tables else []
    alpha, omega = (ends(parts.material, each) for each in ("alpha", "omega_total"))
    wave = parts.material.wave_within(parts.material.waves[0])
    return [
        *(parts.prose("reliability", wave, alpha, omega) if alpha else []),
        *first,
        *parts.figures("reliability"),
        *(Folded(each.title, (each,), is_on_paper=False) for each in parts.figures("itemmap")),
        *folded(tables[1:]),
        *folded([*further[:1], *errors[:1]]),
        *folded(rest[:1], is_on_paper=False),
        *parts.more_tables([*further[1:], *errors[1:], *rest[1:]]),
    ]


def structure(parts: Parts) -> list[Block]:
    """Say whether the items of the scales go together as intended."""
    if parts.material.study.settings.plan.structure is None:
        return []
    shown, others = parts.by_plan("loadings_")
    scree, more = _by_plan(parts, "scree")
    return [
        *parts.prose("structure", fitted(parts.material)),
        *parts.table("structure"),
        *folded([*shown, *parts.starting("structure_misfit")]),
        *folded(parts.starting("dimensionality")),
        *(Folded(each.title, (each,)) for each in scree),
        *parts.more_figures(more),
        *folded(parts.starting("factor_validity"), is_on_paper=False),
        *parts.more_tables(others),
    ]


def invariance(parts: Parts) -> list[Block]:
    """Say whether scores mean the same to those who are compared."""
    ladders = climbed(parts.material)
    said = [block for ladder in ladders for block in _ladder(parts, ladder)]
    return [*parts.prose("invariance_intro"), *said] if ladders else []


def agreement(parts: Parts) -> list[Block]:
    """Say how far roles agree, and how stable scores are: entry by entry of the plan."""
    plan = parts.material.study.settings.plan
    entries = [("agreement", name) for name in plan.agreement]
    entries += [("retest", name) for name in plan.retest]
    return [block for kind, name in entries for block in _entry(parts, kind, name)]


def _entry(parts: Parts, kind: str, name: str) -> list[Block]:
    endings = {"agreement": ("", "_levels", "_items"), "retest": ("", "_change")}[kind]
    names = [f"{kind}_{name}{ending}" for ending in endings]
    tables = [parts.tables[each] for each in names if each in parts.tables]
    hidden = [each for each in tables if each.name.endswith("_items")]
    shown = [block for each in tables if each not in hidden for block in parts.table(each.name)]
    if not tables:
        return []
    found = alike(parts.material, kind, name)
    return [
        Heading(plan_title(parts.material, kind, name)),
        *(parts.prose("agreement", found) if found else []),
        *parts.figures(kind, name),
        *shown,
        *parts.figures(f"bands_{kind}", name),
        *folded(hidden, is_on_paper=False),
    ]


def _ladder(parts: Parts, ladder: Climbed) -> list[Block]:
    tables = [] if ladder.reason else _tables_of(parts, ladder.name)
    return [Heading(ladder.title), *parts.prose("ladder", ladder), *tables]


def _tables_of(parts: Parts, ladder: str) -> list[Block]:
    names = (f"invariance_{ladder}", f"invariance_{ladder}_means")
    bias = [each for name, each in parts.tables.items() if name == f"invariance_{ladder}_items"]
    tables = [block for name in names for block in parts.table(name)]
    return [*parts.figures("invariance", ladder), *tables, *folded(bias)]


def _by_plan(parts: Parts, kind: str) -> tuple[list[Pictured], list[Pictured]]:
    """Part the figures of a kind into those of scales that the plan uses and the others."""
    used = planned_scales(parts.material)
    figures = [each for each in parts.pictures if each.kind == kind]
    return [f for f in figures if f.scale in used], [f for f in figures if f.scale not in used]
