"""Whether many small simulated studies find the population values of the manifest estimands.

Run as ``python -m driehoek.simulation.recovery --help``.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from driehoek.files import write_csv, write_text
from driehoek.job import generator
from driehoek.simulation.estimands import ESTIMATES, estimates_of, fingerprint
from driehoek.study import Study, read_study

TRIADS = 300
MOST_ERRORS = 3.0
CONFIDENCE = 0.95
JUDGED = "models/"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
EXAMPLE = "example: python -m driehoek.simulation.recovery --studies 200"


def small_studies(study: Study, *, studies: int, triads: int, first: int = 0) -> pd.DataFrame:
    """Estimate the manifest estimands in many simulated studies.

    Every study has random numbers of its own, so that the result is the same in any parts.

    Parameters
    ----------
    study : Study
        Its seed decides.
    studies, triads : int
        Number of studies, and triads in each.
    first : int
        Number of the first of them.

    Returns
    -------
    pandas.DataFrame
        ``number`` of the study, from 0, and `driehoek.simulation.estimands.ESTIMATES`.
    """
    found = [_small_study(study, triads, number) for number in range(first, first + studies)]
    return pd.concat(found, ignore_index=True)


def compare(found: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Compare the estimates of many studies with the population values.

    Parameters
    ----------
    found : pandas.DataFrame
        As `small_studies` gives it.
    targets : pandas.DataFrame
        ``id, estimate, se``: population values with their own Monte-Carlo standard errors.

    Returns
    -------
    pandas.DataFrame
        One row a target: ``id, target, mean, sd, n_studies, n_missing`` (studies that gave no
        estimate), ``error`` (Monte-Carlo standard error of mean less target, that of the target
        included), ``z`` ((mean - target) / error), ``coverage`` (share of the intervals that
        hold the target; NaN where there are no intervals), ``coverage_z`` (from the nominal
        .95, by the binomial standard error at .95), ``is_recovered`` (estimated in every study,
        and within three errors), ``is_covered`` (True where not judged: intervals of models
        only).
    """
    n_studies = found["number"].nunique()
    rows = [
        _compare_one(found[found["id"] == name], name, target, target_se, n_studies)
        for name, target, target_se in _triples(targets)
    ]
    return pd.DataFrame(rows)


def read_targets(path: Path, study: Study) -> pd.DataFrame:
    """Read the population values; columns ``id, estimate, se``.

    Raises
    ------
    ValueError
        If they were found for another instrument, plan or truth than the study has now.
    """
    stored = json.loads(path.read_text(encoding="utf-8"))
    if stored["fingerprint"] != fingerprint(study):
        msg = (
            f"{path.name}: the instrument, the plan or the truth of the simulation has changed "
            "since the population values were found; run find_targets.py beside that file again."
        )
        raise ValueError(msg)
    return pd.DataFrame(
        [{"id": name, **values} for name, values in stored["targets"].items()],
        columns=["id", "estimate", "se"],
    )


def verdict(table: pd.DataFrame, *, triads: int) -> tuple[str, bool]:
    """Say in one line what was tried and what failed, and whether all is well."""
    missed, uncovered = table[~table["is_recovered"]], table[~table["is_covered"]]
    n_judged = int(table["id"].str.startswith(JUDGED).sum())
    tried = (
        f"recovery: {table['n_studies'].max()} studies of {triads} triads, {len(table)} estimands "
        f"and the coverage of {n_judged} intervals"
    )
    failed = [f"{each} missed" for each in missed["id"]]
    failed += [f"{each} covered wrongly" for each in uncovered["id"]]
    result = "; ".join(failed) or f"all within {MOST_ERRORS:g} Monte-Carlo standard errors"
    return f"{tried}: {result}", not failed


def markdown_table(table: pd.DataFrame) -> str:
    """Lay the comparison out as a table in Markdown."""
    lines = [
        "| estimand | population | mean | SD | error | z | coverage |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    numbers = table[["target", "mean", "sd", "error", "z", "coverage"]].to_numpy(float)
    for name, (*sizes, z, coverage) in zip(table["id"], numbers.tolist(), strict=True):
        covered = "" if np.isnan(coverage) else f"{coverage:.3f}"
        figures = [f"`{name}`", *(f"{each:.4f}" for each in sizes), f"{z:+.2f}", covered]
        lines.append(f"| {' | '.join(figures)} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the studies, compare, and end with a line that says what was tried and what failed."""
    given = _parser().parse_args(arguments)
    study = read_study(given.study)
    targets = read_targets(given.targets, study)
    if given.found:
        parts = [pd.read_csv(path) for path in given.found]
        found = pd.concat(parts, ignore_index=True).sort_values("number", kind="stable")
    else:
        found = small_studies(study, studies=given.studies, triads=given.triads)
    table = compare(found, targets)
    line, is_well = verdict(table, triads=given.triads)
    write_csv(given.table, table)
    if given.page is not None:
        renew_page(given.page, f"{markdown_table(table)}\n\n{line}.")
    sys.stdout.write(f"{line}\n")
    return 0 if is_well else 1


def _small_study(study: Study, triads: int, number: int) -> pd.DataFrame:
    rng = generator(study.settings.seed, "recovery", "study", str(number))
    found = estimates_of(study, triads, rng)
    return found.assign(number=number)[["number", *ESTIMATES]]


def _triples(targets: pd.DataFrame) -> Iterator[tuple[str, float, float]]:
    numbers = targets[["estimate", "se"]].to_numpy(float).tolist()
    for name, (target, target_se) in zip(targets["id"], numbers, strict=True):
        yield str(name), target, target_se


def _compare_one(
    found: pd.DataFrame, name: str, target: float, target_se: float, n_studies: int
) -> dict[str, object]:
    estimates = found["estimate"].dropna()
    mean, sd = float(estimates.mean()), float(estimates.std(ddof=1))
    error = float(np.hypot(sd / np.sqrt(len(estimates)), target_se))
    z = (mean - target) / error
    n_missing = n_studies - len(estimates)
    coverage, coverage_z = _coverage(found, target)
    return {
        "id": name, "target": target, "mean": mean, "sd": sd,
        "n_studies": n_studies, "n_missing": n_missing, "error": error, "z": z,
        "coverage": coverage, "coverage_z": coverage_z,
        "is_recovered": n_missing == 0 and abs(z) <= MOST_ERRORS,
        "is_covered": not name.startswith(JUDGED) or abs(coverage_z) <= MOST_ERRORS,
    }  # fmt: skip


def _coverage(found: pd.DataFrame, target: float) -> tuple[float, float]:
    told = found.dropna(subset=["ci_low", "ci_high"])
    if told.empty:
        return np.nan, np.nan
    covers = (told["ci_low"] <= target) & (target <= told["ci_high"])
    coverage = float(covers.mean())
    error = np.sqrt(CONFIDENCE * (1 - CONFIDENCE) / len(told))
    return coverage, float((coverage - CONFIDENCE) / error)


def renew_page(page: Path, text: str) -> None:
    """Put a text between the two marks of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    write_text(page, f"{before}{BEGIN}\n{text}\n{END}{after}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m driehoek.simulation.recovery",
        description="See whether small simulated studies find the population values.",
        epilog=EXAMPLE,
    )
    add = parser.add_argument
    add("--study", type=Path, default=Path("config/study.yaml"))
    add("--targets", type=Path, default=Path("tests/oracle/recovery/targets.json"))
    add("--studies", type=int, default=200, help="how many studies (200)")
    add("--triads", type=int, default=TRIADS, help=f"triads in each study ({TRIADS})")
    add("--found", type=Path, nargs="+", help="estimates found before, instead of new studies")
    add("--table", type=Path, default=Path("results/recovery.csv"), help="full figures go here")
    add("--page", type=Path, help="page whose table is renewed")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
