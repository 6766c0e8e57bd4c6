"""How every figure looks, and how it is written: the same bytes each time."""

import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
import typst
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import Formatter
from matplotlib.typing import ColorType

from driehoek.files import replacing, write_bytes, write_csv
from driehoek.reporting import numbers
from driehoek.reporting.material import Material

INK = "#1d2733"
SOFT = "#51606f"
FAINT = "#d9dfe5"
GRID = "#eceff2"
WITHHELD = "#f0f0f0"
# One for each kind, so that parts of a bar can be told apart in grey.
HATCHES = ("", "///", "...", "\\\\\\", "xx", "++", "oo")
# Okabe & Ito (2008), Color Universal Design: told apart with any colour vision; each role has a
# marker of its own too, for print in grey.
ROLE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
ROLE_MARKERS = ("o", "s", "^", "D", "v")
WIDTH = 7.2
RESOLUTION = 200
TIMESTAMP = 946_684_800  # 2000-01-01: a figure carries no clock
PAGE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("{}")'
SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "figure.constrained_layout.h_pad": 0.07,
    "figure.constrained_layout.w_pad": 0.07,
    "hatch.linewidth": 0.5,
    "svg.fonttype": "path",
    "svg.hashsalt": "driehoek",
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure with what belongs to it.

    Attributes
    ----------
    name : str
        Stem of its files.
    kind, scale : str
        Kind of figure; the scale, model or set of correlations it shows.
    title, alt : str
        Caption, and the words for who cannot see it.
    data : pandas.DataFrame
        The statistics it shows, at full precision.
    figure : matplotlib.figure.Figure
    """

    name: str
    kind: str
    scale: str
    title: str
    alt: str
    data: pd.DataFrame
    figure: Figure


def role_colour(material: Material, role: str) -> str:
    """Give the colour of a role: the study's own, or else by the role's place."""
    own = material.study.settings.report.colours.get(role)
    return own or ROLE_COLOURS[material.roles.index(role) % len(ROLE_COLOURS)]


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the style of the house within the block."""
    with mpl.rc_context(SETTINGS):
        yield


def readable_on(colour: ColorType) -> str:
    """Give black or white, whichever stands out from a colour: by 4.58 to 1 at least.

    References
    ----------
    WCAG 2.2, relative luminance and contrast ratio.
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "white"


def write_readably(ax: Axes) -> None:
    """Give each number in the cells of a heatmap the colour that stands out from its cell."""
    (mesh,) = ax.collections
    is_masked = np.ma.getmaskarray(np.ma.asarray(mesh.get_array())).ravel()
    colours = np.asarray(mesh.get_facecolor())[~is_masked, :3].tolist()
    for text, (red, green, blue) in zip(ax.texts, colours, strict=True):
        text.set_color(readable_on((red, green, blue)))


def wrapped(words: str, width: int) -> str:
    """Break words into lines of at most `width` letters, long words too."""
    return "\n".join(textwrap.wrap(words, width, break_long_words=True)) or words


class TickNumbers(Formatter):
    """Numbers along an axis as a language writes them, whole where all are whole."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_ticks(self, values: Iterable[float]) -> list[str]:
        """Write all numbers of an axis with the same decimals, three at least if needed."""
        places = [round(float(value), 10) for value in values]
        decimals = max((len(f"{place:.10g}".partition(".")[2]) for place in places), default=0)
        shown = min(decimals, 3)
        while shown < decimals and len({round(place, shown) for place in places}) < len(places):
            shown += 1
        return [numbers.decimal(place, self.language, shown) for place in places]

    def __call__(self, value: float, _place: int | None = None) -> str:
        """Write one number."""
        return self.format_ticks([value])[0]


def write_ticks(axis: Axis, language: str) -> None:
    """Write the numbers along an axis as the language does."""
    axis.set_major_formatter(TickNumbers(language))


def write_drawing(drawing: Drawing, folder: Path) -> None:
    """Write a figure as SVG, PDF and PNG, and its data as CSV, without dates.

    Matplotlib draws once, letters as outlines; Typst renders the other forms from that SVG.
    """
    with house_style(), replacing(folder / f"{drawing.name}.svg") as draft:
        drawing.figure.savefig(draft, format="svg", metadata={"Date": None})
    write_bytes(folder / f"{drawing.name}.pdf", _typeset(drawing, folder, "pdf"))
    write_bytes(folder / f"{drawing.name}.png", _typeset(drawing, folder, "png"))
    write_csv(folder / f"{drawing.name}.csv", drawing.data)


def _typeset(drawing: Drawing, folder: Path, form: Literal["pdf", "png"]) -> bytes:
    compiler = typst.Compiler(root=folder, ignore_system_fonts=True)
    content = compiler.compile(
        PAGE.format(f"/{drawing.name}.svg").encode(),
        format=form,
        ppi=RESOLUTION if form == "png" else None,
        timestamp=TIMESTAMP,
        pdf_tags=False,
    )
    if not isinstance(content, bytes):
        msg = f"{drawing.name}: a figure is one page"
        raise TypeError(msg)
    return content
