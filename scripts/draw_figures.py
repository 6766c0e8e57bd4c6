"""Draw the figures, with alternative text and the data behind each."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from driehoek.job import job_log
from driehoek.reporting.figures.catalogue import write_figures
from driehoek.reporting.listing import write_listing
from driehoek.reporting.material import gather
from driehoek.reporting.results import read_results
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study_path: Path, language: str, statistics: list[Path], long: Path, figures: Path
) -> None:
    """Read the statistics and the scores of persons, draw in one language and write."""
    material = gather(read_study(study_path), read_results(statistics), language)
    write_listing(figures, write_figures(figures, material, pd.read_parquet(long)))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            language=snakemake.wildcards.language,
            statistics=[Path(path) for path in snakemake.input.statistics],
            long=Path(snakemake.input.long),
            figures=Path(snakemake.output.figures),
        )
