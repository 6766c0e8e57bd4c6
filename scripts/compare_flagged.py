"""Estimate the main results again without flagged responses, and lay both side by side."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.rows import read_statistics
from driehoek.analysis.unflagged import unflagged
from driehoek.analysis.without_flagged import results_without, without_flagged
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path,
    long: Path,
    flags: list[Path],
    statistics: list[Path],
    tables: tuple[Path, Path],
) -> None:
    """Read the linked data and the results, and write the table: whole, and as published."""
    settings = read_study(study)
    doubts = pd.concat([pd.read_parquet(path) for path in flags], ignore_index=True)
    rest = unflagged(pd.read_parquet(long), doubts, settings)
    everyone = {path.stem: read_statistics(path) for path in statistics}
    without = results_without(rest, settings)
    for path, min_cell in zip(tables, (1, settings.settings.disclosure.min_cell), strict=True):
        write_csv(path, without_flagged(everyone, without, rest, min_cell=min_cell))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            flags=[Path(path) for path in snakemake.input.flags],
            statistics=[Path(path) for path in snakemake.input.statistics],
            tables=(Path(snakemake.output.whole), Path(snakemake.output.published)),
        )
