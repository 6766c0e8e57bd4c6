"""Write the codebook of a study for people and for archives."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.deploy.codebook import write_codebook
from driehoek.job import job_log
from driehoek.scoring.published import keys_of
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study_path: Path, statistics: Path, codebooks: list[Path]) -> None:
    """Read the study and write each form of the codebook, with counts and reliability."""
    study = read_study(study_path)
    for path in codebooks:
        write_codebook(study.questionnaire, path, statistics=statistics, keys=keys_of(study))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            statistics=Path(snakemake.input.statistics[0]).parent,
            codebooks=[Path(path) for path in snakemake.output],
        )
