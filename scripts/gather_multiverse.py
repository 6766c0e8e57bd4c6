"""Put the specifications of every multiverse together, and say which choices matter."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.analysis.multiverse_summary import gathered
from driehoek.analysis.rows import read_statistics
from driehoek.files import write_csv
from driehoek.job import job_log
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, parts: list[Path], table: Path) -> None:
    """Read the parts, gather and write the table."""
    write_csv(table, gathered([read_statistics(path) for path in parts], read_study(study)))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            parts=[Path(path) for path in snakemake.input.parts],
            table=Path(snakemake.output.multiverse),
        )
