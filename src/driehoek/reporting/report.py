"""The report of a study: one self-contained HTML file in one language."""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from driehoek.reporting import numbers
from driehoek.reporting.html import table_html
from driehoek.reporting.listing import Listed, read_listing
from driehoek.reporting.material import Material
from driehoek.reporting.prose import answers, conduct
from driehoek.reporting.prose_structure import climbed, fitted
from driehoek.reporting.scales import planned_scales, score_range, scoring_rule
from driehoek.reporting.table import Table
from driehoek.reporting.tables import models
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.reporting.templating import render
from driehoek.reporting.wording import listed, vocabulary

SECTIONS = (
    "summary", "sample", "instrument", "quality", "scores", "reliability", "structure",
    "invariance", "correlations", "models", "methods", "files",
)  # fmt: skip
PROSE_LANGUAGES = ("nl", "en")
ABRIDGED = ("likert", "scores")
PIXELS_PER_POINT = 1.6
PAGE_PIXELS = 830


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure as the report shows it: its SVG inside the page."""

    name: str
    scale: str
    title: str
    alt: str
    source: str
    width: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A rendered table."""

    name: str
    title: str
    content: Markup


@dataclass(frozen=True, slots=True)
class ScaleShown:
    """A scale in words."""

    label: str
    meaning: str
    facets: tuple[str, ...]
    rule: str
    range: str
    status: str


def report_html(material: Material, figures: Path, software: Mapping[str, str]) -> str:
    """Write the report.

    Parameters
    ----------
    material : Material
    figures : pathlib.Path
        Folder of the drawn figures.
    software : mapping of str to str
        Versions by name.

    Returns
    -------
    str
        One page that loads nothing from elsewhere; numbers link to ``statistics/``, beside it.
    """
    tables = {table.name: _shown(table, material) for table in all_tables(material)}
    pictures, others = _pictures(material, figures)
    plan, instrument = material.study.settings.plan, material.study.questionnaire.instrument
    item_tables, item_rest = _starting(tables, "items_"), _starting(tables, "item_rest_")
    shown = {f"items_{scale}" for scale in planned_scales(material)}
    loadings = _starting(tables, "loadings_")
    used = {f"loadings_{scale}" for scale in planned_scales(material)}
    has = {
        "structure": plan.structure is not None,
        "invariance": bool(plan.invariance),
        "correlations": bool(plan.correlations),
        "models": bool(plan.models),
    }
    return render(
        "report.html",
        language=material.language,
        prose_language=material.language if material.language in PROSE_LANGUAGES else "en",
        words=vocabulary(material.language),
        title=material.labels.of(material.study.settings.title),
        instrument=instrument,
        instrument_title=material.labels.of(instrument.title),
        banners=banners(material),
        sections=[section for section in SECTIONS if has.get(section, True)],
        answers=answers(material),
        conduct=conduct(material),
        study=material.study.settings,
        level=material.level,
        has=has,
        tables={name: _content(tables, name) for name in
                ("flow", "background", "missing", "flags", "scores", "facets", "structure")},
        fitted=fitted(material) if has["structure"] else None,
        loadings=[each for each in loadings if each.name in used],
        loading_links=[each for each in loadings if each.name not in used],
        misfit=[tables[name] for name in ("structure_misfit",) if name in tables],
        climbed=climbed(material),
        ladders={name: _starting(tables, f"invariance_{name}") for name in plan.invariance},
        scales_table=_scales_table(material),
        item_tables=[table for table in item_tables if table.name in shown],
        item_links=[table for table in item_tables if table.name not in shown],
        reliability=_starting(tables, "reliability_"),
        item_rest=item_rest[:1],
        item_rest_links=item_rest[1:],
        correlations=_starting(tables, "correlations_"),
        models={name: _model(material, name, tables) for name in plan.models},
        figures=pictures,
        others=others,
        files=material.results.files,
        software=dict(software),
    )  # fmt: skip


def banners(material: Material) -> list[str]:
    """Say at the top what no reader may miss: simulated data, a questionnaire not validated."""
    status = material.study.questionnaire.instrument.status
    simulated = [material.word("simulated")] if material.study.settings.simulation else []
    validity = [material.word(status)] if status in {"draft", "pilot"} else []
    return [*simulated, *validity, *_versions(material)]


def _versions(material: Material) -> Iterator[str]:
    """Say which wave was asked another version, and which scores that touches."""
    for wave, over in material.study.bridges.items():
        words = [material.word("asked_version", wave=wave, version=over.asked.instrument.version)]
        for verdict in ("different", "untested"):
            touched = [s for s in over.scales if s in over.analysed.instrument.scales]
            names = [material.labels.scale(s) for s in touched if over.scales[s] == verdict]
            if names:
                scales = listed(names, material.language)
                words.append(material.word(f"version_{verdict}", scales=scales))
        yield " ".join(words)


def _shown(table: Table, material: Material) -> Shown:
    content = table_html(table, material.labels, statistics="statistics")
    return Shown(table.name, table.title, content)


def _content(tables: Mapping[str, Shown], name: str) -> Markup:
    return tables[name].content if name in tables else Markup("")


def _starting(tables: Mapping[str, Shown], prefix: str) -> list[Shown]:
    return [table for name, table in tables.items() if name.startswith(prefix)]


def _model(material: Material, name: str, tables: Mapping[str, Shown]) -> list[Shown]:
    names = [table.name for table in models.model_tables(material, name)]
    return [tables[each] for each in names if each in tables]


def _pictures(
    material: Material, folder: Path
) -> tuple[dict[str, list[Picture]], dict[str, list[Listed]]]:
    """Give the figures by kind: those shown, and those of other scales, to which links lead."""
    listed = read_listing(folder)
    planned = planned_scales(material)
    kinds = ("flow", *ABRIDGED, "correlations", "forest")
    shown: dict[str, list[Picture]] = {kind: [] for kind in kinds}
    others: dict[str, list[Listed]] = {kind: [] for kind in kinds}
    for each in listed:
        if each.kind in ABRIDGED and each.scale not in planned:
            others[each.kind].append(each)
        else:
            svg = folder / f"{each.name}.svg"
            embedded, width = _embedded(svg), _width(svg)
            picture = Picture(each.name, each.scale, each.title, each.alt, embedded, width)
            shown[each.kind].append(picture)
    return shown, others


def _embedded(svg: Path) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.read_bytes()).decode("ascii")


def _width(svg: Path) -> int:
    """Give the width at which the letters of a figure are as large as those of a table."""
    head = svg.read_text(encoding="utf-8")[:2000]
    match = re.search(r'<svg[^>]* width="([0-9.]+)pt"', head)
    return round(float(match[1]) * PIXELS_PER_POINT) if match else PAGE_PIXELS


def _scales_table(material: Material) -> Markup:
    scales = [_scale(material, name) for name in material.study.questionnaire.instrument.scales]
    words = vocabulary(material.language)
    return Markup(render("scales.html", scales=scales, words=words))  # noqa: S704 - escaped there


def _scale(material: Material, name: str) -> ScaleShown:
    scale = material.study.questionnaire.instrument.scales[name]
    pairs = material.study.questionnaire.presentations(name)
    ranges = {score_range(material, name, role, about or "") for role, about in pairs}
    ends = [each for each in ranges if each is not None]
    low, high = (min(e[0] for e in ends), max(e[1] for e in ends)) if ends else (0.0, 0.0)
    return ScaleShown(
        label=material.labels.scale(name),
        meaning=material.labels.of(scale.meaning),
        facets=tuple(material.labels.of(facet.label) for facet in (scale.facets or {}).values()),
        rule=scoring_rule(material, name),
        range=_range(low, high, material.language) if ends else numbers.ABSENT,
        status=material.word(f"status_{scale.score.status}"),
    )


def _range(low: float, high: float, language: str) -> str:
    decimals = 0 if low == int(low) and high == int(high) else 1
    ends = (numbers.decimal(end, language, decimals) for end in (low, high))
    return " – ".join(ends)
