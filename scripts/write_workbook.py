"""Put every statistic into one workbook with typed numbers."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.analysis.rows import read_statistics
from driehoek.files import replacing
from driehoek.job import job_log
from driehoek.reporting.workbook import statistics_workbook

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(statistics: list[Path], workbook: Path) -> None:
    """Read the statistics and write the workbook."""
    tables = {path.stem: read_statistics(path) for path in statistics}
    with replacing(workbook) as draft:
        draft.write_bytes(statistics_workbook(tables))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            statistics=[Path(path) for path in snakemake.input.statistics],
            workbook=Path(snakemake.output.workbook),
        )
