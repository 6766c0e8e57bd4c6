"""Write what a paper about the study should cite, as BibTeX and CSL-JSON."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.files import write_text
from driehoek.job import job_log
from driehoek.manifest import software
from driehoek.reporting.material import gather
from driehoek.reporting.references import bibtex, csl_json, references
from driehoek.reporting.results import read_results
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study_path: Path, statistics: list[Path], bib: Path, csl: Path) -> None:
    """Gather the references of a study and write them in both forms."""
    study = read_study(study_path)
    material = gather(study, read_results(statistics), study.settings.report.languages[0])
    cited = references(material, software())
    write_text(bib, bibtex(cited))
    write_text(csl, csl_json(cited))


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study_path=Path(snakemake.params.study),
            statistics=[Path(path) for path in snakemake.input.statistics],
            bib=Path(snakemake.output.bib),
            csl=Path(snakemake.output.csl),
        )
