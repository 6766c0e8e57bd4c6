"""Whether every kind of analysis finds its population values in small simulated studies.

Run as ``python -m driehoek.simulation.method_recovery --help``.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import yaml

from driehoek.analysis.agreement import agreement
from driehoek.analysis.comparisons import comparisons
from driehoek.analysis.models import models
from driehoek.files import write_csv, write_text
from driehoek.job import generator
from driehoek.plan.plan import Plan
from driehoek.simulation.estimands import ESTIMATES, linked_study
from driehoek.simulation.recovery import compare, verdict
from driehoek.study import Study, read_study

PARTS, TRIADS_A_PART = 10, 1500
HERE = Path("tests/oracle/recovery")
# By kind, what is held to its population value. Left out, as their bias in small samples is part
# of their definition: R2, variances, ratios, standardised coefficients.
KEPT = {"response_surface": [f"a{i}" for i in range(1, 6)], "mediation": ["indirect", "direct"]}


def method_study(study: Study, plan: Path) -> Study:
    """Give a study with the plan of a file in the place of its own, and nothing withheld."""
    given = yaml.safe_load(plan.read_text(encoding="utf-8"))
    settings = study.settings
    disclosure = settings.disclosure.model_copy(update={"min_cell": 1})
    changed = settings.model_copy(
        update={"plan": Plan.model_validate(given), "disclosure": disclosure}
    )
    return replace(study, settings=changed)


def method_estimates(study: Study, triads: int, *parts: str) -> pd.DataFrame:
    """Simulate a study, and estimate what its plan asks by the pipeline itself.

    Parameters
    ----------
    study : Study
        As `method_study` gives it.
    triads : int
    parts : str
        What names its random numbers, beside the seed of the study.

    Returns
    -------
    pandas.DataFrame
        `driehoek.simulation.estimands.ESTIMATES`: the coefficients of every model, the features of
        a surface, the effects of a mediation, differences and agreement.
    """
    rng = generator(study.settings.seed, "methods", *parts)
    linked = linked_study(study, triads, rng)
    plan = study.settings.plan
    fitted = {name: each.without_resampling() for name, each in plan.models.items()}
    settings = study.settings.model_copy(
        update={"plan": plan.model_copy(update={"models": fitted})}
    )
    own = replace(study, settings=settings)
    table = models(linked.long, linked.triads, own)
    kept = [
        table[(table["scale"] == name) & table["statistic"].isin(KEPT.get(each.kind, ["b"]))]
        for name, each in plan.models.items()
    ]
    compared = comparisons(linked.long, linked.triads, own)
    agreed = agreement(linked.long, own)
    kept += [
        compared[compared["statistic"] == "difference"],
        agreed[agreed["statistic"].isin(["icc_agreement", "icc_consistency"])],
    ]
    found = pd.concat(kept, ignore_index=True)[list(ESTIMATES)]
    return found.astype({"estimate": float, "ci_low": float, "ci_high": float})


def population(study: Study, *, parts: int, triads: int) -> pd.DataFrame:
    """Give the mean over large simulated studies, with its standard error; ``id, estimate, se``."""
    found = [method_estimates(study, triads, "population", str(i)) for i in range(parts)]
    by_id = pd.concat(found).groupby("id", sort=False)["estimate"]
    return pd.DataFrame({"estimate": by_id.mean(), "se": by_id.sem()}).reset_index()


def method_studies(study: Study, *, studies: int, triads: int) -> pd.DataFrame:
    """Estimate in many small studies, as `driehoek.simulation.recovery.small_studies` does."""
    found = [
        method_estimates(study, triads, "study", str(number)).assign(number=number)
        for number in range(studies)
    ]
    return pd.concat(found, ignore_index=True)


def read_method_targets(path: Path) -> pd.DataFrame:
    """Read the population values: ``id, estimate, se``."""
    stored = json.loads(path.read_text(encoding="utf-8"))["targets"]
    return pd.DataFrame([{"id": name, **values} for name, values in stored.items()])


def main(arguments: Sequence[str] | None = None) -> int:
    """Find the population values, or hold small studies to them."""
    parser = argparse.ArgumentParser(
        prog="python -m driehoek.simulation.method_recovery",
        description="See whether every kind of analysis finds its population values.",
        epilog="example: python -m driehoek.simulation.method_recovery --studies 100",
    )
    add = parser.add_argument
    add("--study", type=Path, default=Path("config/study.yaml"))
    add("--plan", type=Path, default=HERE / "methods.yaml")
    add("--targets", type=Path, default=HERE / "methods.json")
    add("--find", action="store_true", help="find the population values anew")
    add("--studies", type=int, default=100, help="how many studies (100)")
    add("--triads", type=int, default=300, help="triads in each study (300)")
    add("--table", type=Path, default=Path("results/method_recovery.csv"))
    given = parser.parse_args(arguments)
    study = method_study(read_study(given.study), given.plan)
    if given.find:
        found = population(study, parts=PARTS, triads=TRIADS_A_PART).set_index("id")
        record = {
            "what": "population values: mean of large studies; se by their spread",
            "parts": PARTS,
            "triads": TRIADS_A_PART,
            "seed": study.settings.seed,
            "targets": found.to_dict("index"),
        }
        write_text(given.targets, json.dumps(record, indent=1) + "\n")
        return 0
    targets = read_method_targets(given.targets)
    table = compare(method_studies(study, studies=given.studies, triads=given.triads), targets)
    write_csv(given.table, table)
    line, is_well = verdict(table, triads=given.triads)
    sys.stdout.write(f"methods, {line}\n")
    return 0 if is_well else 1


if __name__ == "__main__":
    raise SystemExit(main())
