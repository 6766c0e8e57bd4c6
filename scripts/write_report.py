"""Write the report in one language."""

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


def main(
    study_path: Path, language: str, statistics: list[Path], figures: Path, report: Path
) -> None:
    """Read statistics and figures and write the report in one language."""
    material = gather(read_study(study_path), read_results(statistics), language)
    write_text(report, report_html(material, figures, software()))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            language=snakemake.wildcards.language,
            statistics=[Path(path) for path in snakemake.input.statistics],
            figures=Path(snakemake.input.figures),
            report=Path(snakemake.output.report),
        )
