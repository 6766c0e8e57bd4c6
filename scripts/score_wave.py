"""Score the answers of one wave."""

from pathlib import Path
from typing import TYPE_CHECKING

from driehoek.files import write_csv, write_parquet
from driehoek.job import job_log
from driehoek.problems import name_of
from driehoek.responses import read_missing, read_responses
from driehoek.scoring.examples import check_examples
from driehoek.scoring.guard import heed_guard, keying_table
from driehoek.scoring.published import keys_of
from driehoek.scoring.scales import score_responses
from driehoek.scoring.versions import heed_version
from driehoek.study import read_study

if TYPE_CHECKING:
    from snakemake.iocontainers import snakemake


def main(study: Path, wave: str, responses: Path, missing: Path, scores: Path, guard: Path) -> None:
    """Check the worked examples, heed the keying guard, score and write."""
    known = read_study(study)
    form, instrument = known.questionnaire, known.locate(known.settings.instrument)
    keys = keys_of(known)
    check_examples(form, name_of(instrument), keys)
    answers = read_responses(responses)
    table = keying_table(answers, form, wave, keys)
    write_csv(guard, table)
    heed_guard(table, name_of(instrument), is_synthetic=known.settings.synthetic)
    scored = score_responses(answers, read_missing(missing), form, keys)
    if wave in known.bridges:
        scored = heed_version(scored, known.bridges[wave])
    write_parquet(scores, scored)


if __name__ == "__main__":
    with job_log(snakemake.log[0]):
        main(
            study=Path(snakemake.params.study),
            wave=snakemake.wildcards.wave,
            responses=Path(snakemake.input.responses),
            missing=Path(snakemake.input.missing),
            scores=Path(snakemake.output.scores),
            guard=Path(snakemake.output.guard),
        )
