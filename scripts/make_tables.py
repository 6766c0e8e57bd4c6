"""Render the tables for Word, HTML and CSV."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.job import job_log
from driehoek.reporting.material import gather
from driehoek.reporting.rendering import write_tables
from driehoek.reporting.results import read_results
from driehoek.reporting.tables.catalogue import all_tables
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study_path: Path, language: str, statistics: list[Path], tables: Path) -> None:
    """Read the statistics, build the tables in one language and write them."""
    material = gather(read_study(study_path), read_results(statistics), language)
    write_tables(tables, all_tables(material), material.labels)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            language=snakemake.wildcards.language,
            statistics=[Path(path) for path in snakemake.input.statistics],
            tables=Path(snakemake.output.tables),
        )
