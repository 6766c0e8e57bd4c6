"""Fill in the missing answers that models rest on, several times."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.analysis.imputation.impute import impute
from driehoek.files import write_csv, write_parquet
from driehoek.job import job_log
from driehoek.responses import read_missing
from driehoek.scoring.published import keys_of
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path,
    long: Path,
    missing: list[Path],
    cells: Path,
    lost: Path,
    statistics: Path,
    traces: Path,
) -> None:
    """Read the linked answers, impute and write what was filled in."""
    known = read_study(study)
    kinds = pd.concat([read_missing(path) for path in missing], ignore_index=True)
    found = impute(pd.read_parquet(long), kinds, known, keys_of(known))
    write_parquet(cells, found.cells)
    write_parquet(lost, found.lost)
    write_csv(statistics, found.statistics)
    write_csv(traces, found.traces)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            long=Path(snakemake.input.long),
            missing=[Path(path) for path in snakemake.input.missing],
            cells=Path(snakemake.output.cells),
            lost=Path(snakemake.output.lost),
            statistics=Path(snakemake.output.imputation),
            traces=Path(snakemake.output.traces),
        )
