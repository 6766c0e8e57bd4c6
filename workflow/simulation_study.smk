"""The simulation studies in chunks of minutes: on this machine, or with a profile on a cluster."""

from pathlib import Path

from driehoek.provenance import package_sources
from driehoek.simulation.scale_study import CHUNK, CONDITIONS

STUDIES = config.get("studies", 200)
REPLICATIONS = config.get("replications", 1000)
AT_ONCE = 25  # studies a job
CHUNKS_AT_ONCE = 10  # a job: the last digit of their names
ROOT = Path(workflow.basedir).parent


def code(script):
    """List the modules a script rests on, so that an edit reruns it."""
    return [
        str(path) for path in package_sources(ROOT / "scripts" / script, "driehoek")
    ]


wildcard_constraints:
    first=r"\d+",
    tens=r"\d{3}",
    condition="|".join(CONDITIONS),


container: "docker://python:3.11-slim"


rule all:
    """Have every chunk."""
    default_target: True
    input:
        expand("results/recovery/{first}.csv", first=range(0, STUDIES, AT_ONCE)),
        expand(
            "results/scale_study/{condition}_{chunk:04d}.csv",
            condition=CONDITIONS,
            chunk=range(-(-REPLICATIONS // CHUNK)),
        ),


rule simulate_studies:
    """Simulate some studies, and estimate in each what should be found again."""
    input:
        study=ROOT / "config" / "study.yaml",
        code=code("simulate_studies.py"),
    output:
        found="results/recovery/{first}.csv",
    log:
        "logs/recovery/{first}.log",
    params:
        studies=lambda wildcards: min(AT_ONCE, STUDIES - int(wildcards.first)),
    script:
        "../scripts/simulate_studies.py"


rule replicate_scales:
    """Replicate a condition with scales of known reliability."""
    input:
        code=code("replicate_scales.py"),
    output:
        found=expand(
            "results/scale_study/{{condition}}_{{tens}}{unit}.csv",
            unit=range(CHUNKS_AT_ONCE),
        ),
    log:
        "logs/scale_study/{condition}_{tens}.log",
    script:
        "../scripts/replicate_scales.py"
