"""The measured growth of the stages, drawn for the page in the docs."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.growth import Growth

CURVES = "img/growth.svg"
NAMED = 8  # slowest stages that get a name of their own


def draw_growth(growth: Sequence[Growth], path: Path) -> None:
    """Draw seconds and peak memory of the slowest stages against responses, on log axes."""
    most = max(each.rows for each in growth)
    last = [each for each in growth if each.rows == most]
    slowest = sorted(last, key=lambda each: -each.seconds)[:NAMED]
    figure = Figure(figsize=(9, 4), layout="constrained")
    time, memory = figure.subplots(1, 2)
    for stage in [each.stage for each in slowest]:
        points = sorted((each for each in growth if each.stage == stage), key=lambda e: e.rows)
        rows = [each.rows for each in points]
        time.plot(rows, [each.seconds for each in points], "o-", label=stage)
        memory.plot(rows, [each.peak_mb for each in points], "o-", label=stage)
    _name(time, "seconds")
    _name(memory, "peak memory (MB)")
    time.legend(fontsize="small", frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "growth", "svg.fonttype": "none"}):
        figure.savefig(path, metadata={"Date": None})


def _name(axes: Axes, quantity: str) -> None:
    axes.set(xscale="log", yscale="log", xlabel="responses", ylabel=quantity)
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
