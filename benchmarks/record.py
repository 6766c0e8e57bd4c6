"""What the benchmarks found, as JSON and as tables of the page in the docs."""

import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from benchmarks.curves import CURVES
from benchmarks.growth import Growth
from benchmarks.kernel import Ratio

HEADING = "## Figures of the last run"


def as_json(
    ratios: Sequence[Ratio], growth: Sequence[Growth], exponents: Mapping[str, float]
) -> str:
    """Write the record: ``ratios``, ``growth`` and ``exponents``."""
    record = {
        "ratios": [asdict(each) for each in ratios],
        "growth": [asdict(each) for each in growth],
        "exponents": dict(exponents),
    }
    return json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def with_figures(
    page: str,
    ratios: Sequence[Ratio],
    growth: Sequence[Growth],
    exponents: Mapping[str, float],
    repeats: int,
) -> str:
    """Replace the last part of a page, the figures, by those of this run."""
    cores = os.cpu_count()
    lines = [
        HEADING,
        "",
        f"Medians of {repeats}, one thread, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()} with {cores} cores.",
        "",
        "| name | ratio | compared with |",
        "|---|---|---|",
        *(f"| `{each.name}` | {_ratio(each)} | {_cell(each.reference)} |" for each in ratios),
        "",
        *([f"![Time and memory of each stage as responses grow]({CURVES})", ""] if growth else []),
        "| stage | responses | seconds | peak MB | exponent |",
        "|---|---|---|---|---|",
        *(
            f"| {each.stage} | {each.rows:,} | {each.seconds:.2f} | {each.peak_mb:.0f} "
            f"| {exponents.get(each.stage, float('nan')):.2f} |"
            for each in growth
        ),
    ]
    kept, _, _ = page.partition(HEADING)
    return kept + "\n".join(lines) + "\n"


def _ratio(each: Ratio) -> str:
    return "-" if each.ratio is None else f"{each.ratio:.3g}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
