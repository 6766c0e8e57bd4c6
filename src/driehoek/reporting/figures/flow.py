"""The flow of responses from received to analysed."""

from dataclasses import asdict

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import FancyBboxPatch

from driehoek.reporting.figures.style import FAINT, INK, SOFT, Drawing, house_style, wrapped
from driehoek.reporting.material import Material
from driehoek.reporting.results import Figure
from driehoek.reporting.wording import sentence_case

COLUMN_INCHES = 2.4
LINE_INCHES = 0.165
LETTERS = 34
GAP_INCHES = 0.38


def flow_drawing(material: Material) -> Drawing | None:
    """Draw a column of three boxes for each wave; None without a flow."""
    figures = material.results.rows("flow")
    if not figures:
        return None
    columns = [_boxes(material, wave) for wave in material.waves]
    lines = [max(column[place].count("\n") + 1 for column in columns) for place in range(3)]
    height = LINE_INCHES * sum(lines) + 0.3 * 3 + 2 * GAP_INCHES + 0.6
    with house_style():
        canvas = Canvas(figsize=(COLUMN_INCHES * max(len(columns), 2), height))
        ax = canvas.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, COLUMN_INCHES * max(len(columns), 2)), ylim=(0, height))
        ax.axis("off")
        for place, (wave, column) in enumerate(zip(material.waves, columns, strict=True)):
            centre = COLUMN_INCHES * (place + 0.5)
            ax.text(centre, height - 0.2, wave_title(material, wave), ha="center", va="center",
                    fontweight="bold", fontsize=9.5)  # fmt: skip
            draw_column(ax, centre, height - 0.45, column, lines, is_flow=True)
    return Drawing(
        name="flow",
        kind="flow",
        scale="",
        title=material.word("figure_flow"),
        alt=_alt(material, figures),
        data=pd.DataFrame([asdict(figure) for figure in figures]),
        figure=canvas,
    )


def draw_column(
    ax: Axes, centre: float, top: float, boxes: list[str], lines: list[int], *, is_flow: bool
) -> None:
    """Draw boxes below one another; in a flow with arrows between them, the second one grey."""
    left = centre - COLUMN_INCHES / 2
    for place, (words, n_lines) in enumerate(zip(boxes, lines, strict=True)):
        height = LINE_INCHES * n_lines + 0.3
        _box(ax, (left + 0.1, top - height), height, is_left_out=is_flow and place == 1)
        ax.text(
            left + 0.22, top - height / 2, words, ha="left", va="center", fontsize=8,
            linespacing=1.35, color=INK,
        )  # fmt: skip
        top -= height
        if place < len(boxes) - 1:
            arrow = {"arrowstyle": "-|>", "color": SOFT, "linewidth": 1.0}
            ends = (centre, top - GAP_INCHES + 0.03), (centre, top - 0.03)
            if is_flow:
                ax.annotate("", *ends, arrowprops=arrow)
            top -= GAP_INCHES


def _box(ax: Axes, corner: tuple[float, float], height: float, *, is_left_out: bool) -> None:
    box = FancyBboxPatch(
        corner,
        COLUMN_INCHES - 0.2,
        height,
        boxstyle="round,pad=0,rounding_size=0.06",
        linewidth=1.0,
        facecolor="#f5f7f9" if is_left_out else "white",
        edgecolor=FAINT if is_left_out else SOFT,
    )
    ax.add_patch(box)


def wave_title(material: Material, wave: str) -> str:
    """Name a wave with its date."""
    date = material.wave_date(wave)
    return material.wave_label(wave) + (material.word("dated", date=date) if date else "")


def _boxes(material: Material, wave: str) -> list[str]:
    figures = material.results.rows("flow", wave=wave)
    excluded = [figure for figure in figures if figure.group == "excluded"]
    kept = [figure for figure in figures if figure.group == "kept"]
    reasons = {f.term: material.named("reasons", f.term) for f in excluded}
    return [
        _list(material, "received", figures, _by_role(material, figures)),
        _list(material, "excluded", excluded, _sums(excluded, "term", reasons)),
        _list(material, "kept", kept, _by_role(material, kept)),
    ]


def _by_role(material: Material, figures: list[Figure]) -> dict[str, float]:
    roles = {role: material.labels.role(role) for role in [*material.roles, ""]}
    return _sums(figures, "role", roles)


def _sums(figures: list[Figure], key: str, names: dict[str, str]) -> dict[str, float]:
    found = {
        label: [f.estimate for f in figures if getattr(f, key) == code]
        for code, label in names.items()
    }
    return {label: sum(counts) for label, counts in found.items() if counts}


def _list(material: Material, head: str, figures: list[Figure], parts: dict[str, float]) -> str:
    total = material.count(sum(figure.estimate for figure in figures))
    lines = [f"{material.word(head)}: {total}"]
    for label, number in parts.items():
        words = wrapped(f"{sentence_case(label)}: {material.count(number)}", LETTERS - 2)
        lines += [f"  {line}" for line in words.split("\n")]
    return "\n".join(lines)


def _alt(material: Material, figures: list[Figure]) -> str:
    parts = []
    for wave in material.waves:
        here = [figure for figure in figures if figure.wave == wave]
        totals = {
            fate: sum(f.estimate for f in here if f.group == fate) for fate in ("excluded", "kept")
        }
        parts.append(
            material.word(
                "alt_flow_wave",
                wave=material.wave_label(wave),
                received=material.count(sum(totals.values())),
                **{fate: material.count(total) for fate, total in totals.items()},
            )
        )
    return material.word("alt_flow", parts="; ".join(parts))
