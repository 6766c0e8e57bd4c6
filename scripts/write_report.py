"""Write the report and the plain-language sheet in one language, in every form."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.job import job_log
from driehoek.manifest import software
from driehoek.reporting.material import gather
from driehoek.reporting.rendering import write_document
from driehoek.reporting.report import report_document
from driehoek.reporting.results import read_results
from driehoek.reporting.sections.parts import gather_parts
from driehoek.reporting.sheet import sheet_document
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study_path: Path,
    language: str,
    statistics: list[Path],
    rules: dict[str, str],
    figures: Path,
    report: Path,
    sheet: Path,
) -> None:
    """Read statistics and figures and write the report and the sheet in one language."""
    material = gather(read_study(study_path), read_results(statistics), language)
    parts = gather_parts(material, figures, software(), rules)
    labels = material.labels
    write_document(report_document(parts), labels, statistics, figures, report)
    write_document(sheet_document(parts), labels, [], figures, sheet)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            language=snakemake.wildcards.language,
            statistics=[Path(path) for path in snakemake.input.statistics],
            rules=snakemake.params.rules,
            figures=Path(snakemake.input.figures),
            report=Path(snakemake.output.report),
            sheet=Path(snakemake.output.sheet),
        )
