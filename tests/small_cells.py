"""Counts of fewer than ten persons in what is published, and why some may stand there."""

import math
from pathlib import Path

import pandas as pd

from driehoek.analysis.rows import STATISTICS_COLUMNS, read_statistics

# Files that count how the study was run and not what anyone answered (docs/methods/disclosure.md).
CONDUCT = {
    "flow": "responses by their fate add up to the raw files",
    "participation": "who took part in which wave follows from the n of the waves",
}
# Whole numbers that count something else than persons or rows.
OTHER_UNITS = {
    "bootstrap_failed": "samples", "bootstrap_samples": "samples", "compared": "results",
    "components_map": "components", "components_parallel": "components",
    "highest_level": "a step of a ladder", "holds": "yes or no",
    "mcar_patterns": "patterns", "n_factors": "factors", "n_items": "items",
    "n_parameters": "parameters", "partial_holds": "yes or no", "predictors": "variables",
    "released": "parameters", "verdict_changed": "results",
    "cook_over": "rows by their weight in a fit, which tells of no answer",
    "leverage_over": "rows by their weight in a fit, which tells of no answer",
}  # fmt: skip
# The summary of a comparison counts results, in n too.
SUMMARY = "without_flagged/summary/"
# The ledger and the checks are conduct, of responses and of the study; the numbers of a report are
# those of the statistics.
OTHER_FILES = ("ledger.csv", "checks.csv", "numbers.en.csv", "numbers.nl.csv")


def small_counts(statistics: pd.DataFrame, min_cell: int) -> list[tuple[str, str, float]]:
    """Give the id, the column and the number of each count of too few persons.

    How many have no part in a result (``n_excluded``) may be few: the n of two results would tell
    as much.
    """
    known = statistics[statistics["estimate"].notna()]
    is_whole = known["estimate"].mod(1).eq(0).groupby(known["statistic"]).transform("all")
    counted = known[is_whole & ~known["statistic"].isin(OTHER_UNITS)]
    found = [("estimate", counted), ("n", statistics[~statistics["id"].str.startswith(SUMMARY)])]
    return [
        (row.id, column, getattr(row, column))
        for column, rows in found
        for row in rows.itertuples()
        if 0 < getattr(row, column) < min_cell and row.id.split("/", 1)[0] not in CONDUCT
    ]


def published_statistics(public: Path) -> pd.DataFrame:
    """Read every statistics file of a run."""
    paths = sorted((public / "statistics").glob("*.csv"))
    return pd.concat([read_statistics(path) for path in paths], ignore_index=True)


def strange_figure_rows(public: Path, statistics: pd.DataFrame) -> list[str]:
    """Give the rows of the data of figures that are not, to the digit, rows of the statistics."""
    known = {row["id"]: row for row in statistics.to_dict("records")}
    return [
        f"{path.name}: {row['id']}"
        for path in sorted((public / "figures").rglob("*.csv"))
        for row in read_statistics(path).to_dict("records")
        if not _is_same(row, known.get(row["id"], {}))
    ]


def files_not_placed(public: Path) -> list[str]:
    """Give the CSV files that are neither statistics, data of figures, tables nor known others."""
    folders = ("statistics", "figures", "tables")
    return [
        path.name
        for path in public.rglob("*.csv")
        if path.relative_to(public).parts[0] not in folders and path.name not in OTHER_FILES
    ]


def _is_same(row: dict[str, object], known: dict[str, object]) -> bool:
    return all(_is_equal(row[name], known.get(name)) for name in STATISTICS_COLUMNS)


def _is_equal(one: object, other: object) -> bool:
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    return one == other
