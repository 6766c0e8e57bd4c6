"""From raw exports to a report: wiring only."""

import os
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.utils import min_version

from driehoek.problems import ProblemsError
from driehoek.study import read_study, require_files

min_version("9.5")

# One BLAS thread a job, as jobs inherit it: results are the same at any number of cores, and jobs
# do not take the cores of one another.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"


# Read only under --software-deployment-method apptainer; the environment is requirements.lock.
container: "docker://python:3.11-slim"


include: "workflow/rules/common.smk"
include: "workflow/rules/simulate.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/clean.smk"
include: "workflow/rules/score.smk"
include: "workflow/rules/link.smk"
include: "workflow/rules/analyse.smk"
include: "workflow/rules/impute.smk"
include: "workflow/rules/weight.smk"
include: "workflow/rules/structure.smk"
include: "workflow/rules/multiverse.smk"
include: "workflow/rules/reporting.smk"
include: "workflow/rules/seal.smk"


rule all:
    """Make the report and everything it rests on."""
    default_target: True
    input:
        public("manifest.json"),


rule statistics:
    """Make every statistics table, and nothing that is drawn or written from them."""
    input:
        [public(f"statistics/{name}.csv") for name in STATISTICS],
