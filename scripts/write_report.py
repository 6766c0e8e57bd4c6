"""Write the report in one language, as web page, Word document and PDF."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.job import job_log
from driehoek.manifest import software
from driehoek.reporting.material import gather
from driehoek.reporting.rendering import write_report
from driehoek.reporting.results import read_results
from driehoek.reporting.sections.parts import gather_parts
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study_path: Path,
    language: str,
    statistics: list[Path],
    rules: dict[str, str],
    figures: Path,
    web: Path,
    word: Path,
    paper: Path,
) -> None:
    """Read statistics and figures and write the report in one language."""
    material = gather(read_study(study_path), read_results(statistics), language)
    parts = gather_parts(material, figures, software(), rules)
    write_report(parts, statistics, figures, web=web, word=word, paper=paper)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            language=snakemake.wildcards.language,
            statistics=[Path(path) for path in snakemake.input.statistics],
            rules=snakemake.params.rules,
            figures=Path(snakemake.input.figures),
            web=Path(snakemake.output.web),
            word=Path(snakemake.output.word),
            paper=Path(snakemake.output.paper),
        )
