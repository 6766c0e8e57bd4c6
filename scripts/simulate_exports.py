"""Simulate the exports of a study that has no data yet."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.job import generator, job_log
from driehoek.simulation.study import simulate_study, write_exports
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study_path: Path) -> None:
    """Read the study, simulate its responses and write its raw files beside it."""
    study = read_study(study_path)
    settings = study.settings
    simulation = settings.simulation
    if simulation is None:
        return
    rng = generator(settings.seed, "simulate_exports")
    simulated = simulate_study(study, triads=simulation.triads, rng=rng)
    write_exports(simulated, study, study.folder)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(Path(snakemake.params.study))
