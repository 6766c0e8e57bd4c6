"""Write the fingerprints of inputs and outputs, the software and every number."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.analysis.rows import read_statistics
from driehoek.files import write_text
from driehoek.job import job_log
from driehoek.manifest import manifest
from driehoek.review.sealed import seal_record
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(
    study: Path,
    inputs: list[Path],
    outputs: list[Path],
    statistics: list[Path],
    rules: dict[str, str],
    steps: dict[str, int],
    sealed: Path,
) -> None:
    """Read the statistics, gather and write the manifest."""
    tables = [read_statistics(path) for path in statistics]
    known = read_study(study)
    content = manifest(known, inputs, [*outputs, *statistics], tables, rules, steps)
    content |= {"sealed_plan": seal_record(known)}
    write_text(sealed, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        inputs = snakemake.input
        read = [
            *inputs.raw,
            inputs.study,
            *inputs.instruments,
            inputs.key,
            *inputs.named,
            *inputs.sealed,
        ]
        main(
            study=Path(inputs.study),
            inputs=[Path(path) for path in read],
            outputs=[Path(path) for path in inputs.outputs],
            statistics=[Path(path) for path in inputs.statistics],
            rules=snakemake.params.rules,
            steps=snakemake.params.steps,
            sealed=Path(snakemake.output.manifest),
        )
