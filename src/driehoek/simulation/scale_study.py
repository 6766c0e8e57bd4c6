"""Whether intervals cover, estimates are unbiased and tests of invariance keep their level.

Run as ``python -m driehoek.simulation.scale_study --help``. Replications are kept in chunks, so
that a study that was stopped goes on where it was.
"""

import argparse
import multiprocessing
import os
import sys
from collections.abc import Hashable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from driehoek.files import write_csv
from driehoek.job import generator
from driehoek.simulation import invariance_trials, model_trials, scale_trials
from driehoek.simulation.recovery import renew_page

SEED = 20261122
CHUNK = 25
CONDITIONS = {
    **scale_trials.CONDITIONS,
    **invariance_trials.CONDITIONS,
    **model_trials.CONDITIONS,
}
KEYS = ["condition", "n", "statistic", "method"]
NOMINAL, MOST_ERRORS = 0.95, 3.0
# Analyses that are shown because they are wrong: they take members of a triad as independent.
WRONG = ("taken as independent", "roles as independent groups", "rows as independent")
# Known to be off, as the page says with the reason: condition, n, statistic.
KNOWN = {
    *(("skewed_options", 60, each) for each in ("alpha", "omega_total", "scalability_h",
                                                "omega_categorical")),
    *(("spread_options", 60, each) for each in ("scalability_h", "omega_categorical")),
    *(("two_members", 120, each) for each in ("alpha", "omega_total", "scalability_h")),
    ("skewed_options", 200, "scalability_h"),
    ("two_members", 400, "scalability_h"),
    ("two_members_ordered", 120, "omega_categorical"),
    ("two_raters", 60, "weighted_kappa"),
    ("two_raters", 200, "icc_agreement"),
    ("by_way_of", 30, "indirect"),
}  # fmt: skip
EXAMPLE = "example: python -m driehoek.simulation.scale_study --replications 1000 --cores 2"


def replicate(name: str, number: int) -> pd.DataFrame:
    """Run one replication of a condition; the same number gives the same figures."""
    condition, sizes = CONDITIONS[name]
    rows = [
        {"number": number, "condition": name, "n": n, **trial}
        for n in sizes
        for trial in condition(n, generator(SEED, "scales", name, str(n), str(number)))
    ]
    return pd.DataFrame(rows)


def run_chunk(folder: Path, name: str, chunk: int) -> Path:
    """Run a chunk of replications of a condition, unless its file is there."""
    path = folder / f"{name}_{chunk:04d}.csv"
    if not path.exists():
        numbers = range(chunk * CHUNK, (chunk + 1) * CHUNK)
        found = pd.concat([replicate(name, number) for number in numbers], ignore_index=True)
        write_csv(path, found)
    return path


def summarise(found: pd.DataFrame) -> pd.DataFrame:
    """Summarise replications.

    Parameters
    ----------
    found : pandas.DataFrame
        As `replicate` gives them.

    Returns
    -------
    pandas.DataFrame
        One row a condition, n, statistic and method: ``truth, mean, bias_z`` (mean less truth in
        Monte-Carlo standard errors), ``coverage, coverage_z`` (of the level, for a test),
        ``below, above`` (share of intervals that lie below and above the truth),
        ``n_replications, n_missing, is_right`` (the analysis allows for the triad), ``is_well``
        (coverage, or the level of a test, within three errors of nominal), ``is_known`` (to be
        off).
    """
    rows = [
        dict(zip(KEYS, key, strict=True)) | _summary(part)
        for key, part in found.groupby(KEYS, sort=False)
    ]
    table = pd.DataFrame(rows)
    wrong = table["method"].map(lambda method: any(each in method for each in WRONG))
    keys = zip(table["condition"], table["n"], table["statistic"], strict=True)
    known = [key in KNOWN for key in keys]
    return table.assign(is_right=~wrong, is_known=known)


def verdict(table: pd.DataFrame) -> tuple[str, bool]:
    """Say in one line what was tried and what failed, and whether all is well."""
    right = table[table["is_right"]]
    failed = right[~right["is_well"] & ~right["is_known"]]
    names = [
        f"{row['condition']} n={row['n']} {row['statistic']} ({row['method']})"
        for row in failed.to_dict("records")
    ]
    low, high = table["n_replications"].min(), table["n_replications"].max()
    counted = f"{low}" if low == high else f"{low} to {high}"
    tried = f"scales: {counted} replications, {len(right)} judged"
    off = int((~right["is_well"] & right["is_known"]).sum())
    well = f"all within {MOST_ERRORS:g} Monte-Carlo standard errors, save {off} known to be off"
    said = "; ".join(names) or well
    return f"{tried}: {said}", not names


def markdown_table(table: pd.DataFrame) -> str:
    """Lay the summary out as tables in Markdown: intervals, then tests."""
    is_test = table["statistic"].str.startswith("rejects_")
    lines = [
        "| condition | n | statistic | interval | truth | bias | coverage | below | above | of | |",
        "|---|---:|---|---|---:|---:|---:|---:|---:|---:|---|",
    ]
    for row in table[~is_test].to_dict("records"):
        cells = [row["condition"], row["n"], row["statistic"], row["method"]]
        cells += [f"{row['truth']:.3f}", f"{row['mean'] - row['truth']:+.4f}"]
        cells += [f"{row[key]:.3f}" for key in ("coverage", "below", "above")]
        lines.append(_line([*cells, row["n_replications"], _mark(row)]))
    lines += ["", "| condition | n | test at 5 % | analysis | rejects | of | |"]
    lines += ["|---|---:|---|---|---:|---:|---|"]
    for row in table[is_test].to_dict("records"):
        level = row["statistic"].removeprefix("rejects_")
        cells = [row["condition"], row["n"], level, row["method"], f"{row['mean']:.3f}"]
        cells.append(row["n_replications"])
        lines.append(_line([*cells, _mark(row)]))
    return "\n".join(lines)


def _line(cells: list[object]) -> str:
    return f"| {' | '.join(str(each) for each in cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the chunks that are missing, summarise all, end with a line that says what failed."""
    given = _parser().parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    chunks = range(-(-given.replications // CHUNK))
    names, numbers = zip(*((name, chunk) for chunk in chunks for name in CONDITIONS), strict=True)
    work = partial(run_chunk, given.folder)
    if given.cores == 1:
        paths = list(map(work, names, numbers))
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(given.cores, mp_context=context) as pool:
            paths = list(pool.map(work, names, numbers))
    table = summarise(pd.concat([pd.read_csv(path) for path in paths], ignore_index=True))
    write_csv(given.folder / "summary.csv", table)
    line, is_well = verdict(table)
    if given.page is not None:
        renew_page(given.page, f"{markdown_table(table)}\n\n{line}.")
    sys.stdout.write(f"{line}\n")
    return 0 if is_well else 1


def _summary(part: pd.DataFrame) -> dict[str, object]:
    estimates, truth = part["estimate"].dropna(), float(part["truth"].iloc[0])
    n, mean, spread = len(estimates), float(estimates.mean()), float(estimates.std(ddof=1))
    is_test = part["statistic"].iloc[0].startswith("rejects_")
    given = part.dropna(subset=["ci_low", "ci_high"])
    below, above = (given["ci_high"] < truth).mean(), (given["ci_low"] > truth).mean()
    coverage = float(1 - below - above) if len(given) else np.nan
    level = mean if is_test else coverage
    nominal = truth if is_test else NOMINAL
    error = np.sqrt(nominal * (1 - nominal) / max(n if is_test else len(given), 1))
    z = (level - nominal) / error
    return {
        "truth": truth, "mean": mean,
        "bias_z": (mean - truth) / (spread / np.sqrt(n)) if spread > 0 else np.nan,
        "coverage": coverage, "coverage_z": z, "below": below, "above": above,
        "n_replications": part["number"].nunique(), "n_missing": len(part) - n,
        "is_well": bool(abs(z) <= MOST_ERRORS),
    }  # fmt: skip


def _mark(row: dict[Hashable, Any]) -> str:
    if not row["is_right"]:
        return "wrong on purpose"
    if row["is_well"]:
        return ""
    return "off (known)" if row["is_known"] else "**off**"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m driehoek.simulation.scale_study",
        description="See whether intervals cover and tests keep their level.",
        epilog=EXAMPLE,
    )
    add = parser.add_argument
    add("--replications", type=int, default=1000, help="how many (1000)")
    add("--cores", type=int, default=os.cpu_count() or 1, help="processes at work (all cores)")
    add("--folder", type=Path, default=Path("results/scale_study"), help="chunks are kept here")
    add("--page", type=Path, help="page whose tables are renewed")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
