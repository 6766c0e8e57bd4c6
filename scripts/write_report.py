"""Write the report and the plain-language sheet in one language, in every form."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.files import write_text
from driehoek.job import job_log
from driehoek.manifest import software
from driehoek.reporting.material import gather
from driehoek.reporting.numbers_list import numbers_csv
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
    numbers: Path,
    sheet: Path,
) -> None:
    """Read statistics and figures and write the report, its numbers and the sheet."""
    material = gather(read_study(study_path), read_results(statistics), language)
    parts = gather_parts(material, figures, software(), rules)
    document = report_document(parts)
    write_document(document, material, statistics, figures, report)
    write_text(numbers, numbers_csv(document))
    write_document(sheet_document(parts), material, [], figures, sheet)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            language=snakemake.wildcards.language,
            statistics=[Path(path) for path in snakemake.input.statistics],
            rules=snakemake.params.rules,
            figures=Path(snakemake.input.figures),
            report=Path(snakemake.output.report),
            numbers=Path(snakemake.output.numbers),
            sheet=Path(snakemake.output.sheet),
        )
