"""Write the report in each language."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.files import write_text
from driehoek.job import job_log
from driehoek.manifest import software
from driehoek.reporting.material import gather
from driehoek.reporting.report import report_html
from driehoek.reporting.results import read_results
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study_path: Path, statistics: list[Path], figures: Path, reports: list[Path]) -> None:
    """Read statistics and figures and write a report for each language of the study, in order."""
    study, results, versions = read_study(study_path), read_results(statistics), software()
    for language, report in zip(study.settings.report.languages, reports, strict=True):
        write_text(report, report_html(gather(study, results, language), figures, versions))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            statistics=[Path(path) for path in snakemake.input.statistics],
            figures=Path(snakemake.input.figures),
            reports=[Path(path) for path in snakemake.output.reports],
        )
