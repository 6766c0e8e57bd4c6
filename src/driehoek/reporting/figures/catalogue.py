"""Every figure of a study, drawn and written."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from driehoek.reporting.figures.agreement import agreement_drawings
from driehoek.reporting.figures.bands import band_drawings
from driehoek.reporting.figures.comparisons import comparison_drawings
from driehoek.reporting.figures.estimates import correlation_drawings, forest_drawings
from driehoek.reporting.figures.flagged_forest import flagged_forest_drawings
from driehoek.reporting.figures.flow import flow_drawing
from driehoek.reporting.figures.likert import likert_drawings
from driehoek.reporting.figures.measurement import (
    invariance_drawings,
    item_drawings,
    reliability_drawings,
)
from driehoek.reporting.figures.missing import missing_drawings
from driehoek.reporting.figures.missing_items import missing_item_drawings
from driehoek.reporting.figures.multiverse import multiverse_drawings
from driehoek.reporting.figures.notes import figure_note
from driehoek.reporting.figures.participation import participation_drawing
from driehoek.reporting.figures.path import path_drawings
from driehoek.reporting.figures.scores import score_drawings
from driehoek.reporting.figures.scree import scree_drawings
from driehoek.reporting.figures.slopes import slope_drawings
from driehoek.reporting.figures.style import Drawing, write_drawing
from driehoek.reporting.figures.surface import surface_drawings
from driehoek.reporting.figures.traces import trace_drawings
from driehoek.reporting.figures.trajectories import trajectory_drawings
from driehoek.reporting.finding_titles import figure_title
from driehoek.reporting.listing import Listed
from driehoek.reporting.material import Material


def write_figures(folder: Path, material: Material, long: pd.DataFrame) -> list[Listed]:
    """Draw and write every figure in one language; give the list of them."""
    listed = []
    for each in drawings(material, long):
        write_drawing(each, folder)
        title = figure_title(material, each.kind, each.scale, each.title)
        note = figure_note(material, each)
        listed.append(Listed(each.name, each.kind, each.scale, title, each.alt, note))
    return listed


def drawings(material: Material, long: pd.DataFrame) -> Iterator[Drawing]:
    """Draw every figure that a study has statistics for."""
    for drawing in (flow_drawing(material), participation_drawing(material)):
        if drawing is not None:
            yield drawing
    yield from missing_drawings(material)
    yield from missing_item_drawings(material)
    yield from trace_drawings(material)
    yield from likert_drawings(material)
    yield from score_drawings(material, long)
    yield from trajectory_drawings(material)
    yield from reliability_drawings(material)
    yield from item_drawings(material)
    yield from scree_drawings(material)
    yield from invariance_drawings(material)
    yield from agreement_drawings(material)
    yield from band_drawings(material)
    yield from correlation_drawings(material)
    yield from comparison_drawings(material)
    yield from forest_drawings(material)
    yield from surface_drawings(material)
    yield from slope_drawings(material)
    yield from path_drawings(material)
    yield from flagged_forest_drawings(material)
    yield from multiverse_drawings(material)
