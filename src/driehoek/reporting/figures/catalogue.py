"""Every figure of a study, drawn and written."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from driehoek.reporting.figures.estimates import correlation_drawings, forest_drawings
from driehoek.reporting.figures.flow import flow_drawing
from driehoek.reporting.figures.likert import likert_drawings
from driehoek.reporting.figures.scores import score_drawings
from driehoek.reporting.figures.style import Drawing, write_drawing
from driehoek.reporting.figures.surface import surface_drawings
from driehoek.reporting.listing import Listed
from driehoek.reporting.material import Material


def write_figures(folder: Path, material: Material, long: pd.DataFrame) -> list[Listed]:
    """Draw and write every figure in one language; give the list of them."""
    listed = []
    for each in _drawings(material, long):
        write_drawing(each, folder)
        listed.append(Listed(each.name, each.kind, each.scale, each.title, each.alt))
    return listed


def _drawings(material: Material, long: pd.DataFrame) -> Iterator[Drawing]:
    flow = flow_drawing(material)
    if flow is not None:
        yield flow
    yield from likert_drawings(material)
    yield from score_drawings(material, long)
    yield from correlation_drawings(material)
    yield from forest_drawings(material)
    yield from surface_drawings(material)
