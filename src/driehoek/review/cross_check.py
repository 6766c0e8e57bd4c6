"""Main results recomputed by R from exported analysis data, and compared."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from driehoek.analysis.full_information import linked_answers
from driehoek.analysis.model_data import ModelData
from driehoek.analysis.rows import read_statistics
from driehoek.files import write_csv, write_text
from driehoek.problems import Problem, ProblemsError, name_of
from driehoek.responses import read_missing
from driehoek.review.r_models import full_information_blocks, model_blocks
from driehoek.review.r_script import HEAD, TAIL, alpha_block, pairs_block
from driehoek.scoring.published import keyed_items, keys_of
from driehoek.study import Study

PACKAGES = ("psych", "lavaan", "sandwich", "clubSandwich", "lme4", "nlme", "jsonlite")
RELATIVE = {"alpha": 1e-9, "r": 1e-9, "b": 1e-8, "se": 1e-8, "omega_total": 1e-4}

# Two optimisers, each stopping where the likelihood is flat: of the estimate or its standard error.
SEARCHED = 1e-4
ITERATED = ("reml_", "gls_", "full_information")
FULL = "models_full_information"
SECONDS = 900


class CrossCheckError(ProblemsError):
    """R is absent, or stopped."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What the cross-check came to.

    Attributes
    ----------
    script : pathlib.Path
        The R script that was run; it can be run again by hand.
    table : pandas.DataFrame
        ``id, part, ours, r, tolerance, agrees``.
    """

    script: Path
    table: pd.DataFrame


def cross_check(study: Study, results: Path) -> Compared:
    """Export the rows of models, scales and correlations, recompute in R, and compare.

    Parameters
    ----------
    study : Study
    results : pathlib.Path
        Folder of the results of a run, with ``public`` and ``private``. Data and script go to
        ``private/with_r``: rows are persons.

    Raises
    ------
    CrossCheckError
        If R or one of its packages is absent, or R stops.
    """
    _refuse_without_r()
    private, statistics = results / "private", results / "public" / "statistics"
    folder = private / "with_r"
    long = pd.read_parquet(private / "data" / "long.parquet")
    triads = pd.read_parquet(private / "data" / "triads.parquet")
    data = ModelData(long, triads, study)
    tables = {path.stem: read_statistics(path) for path in sorted(statistics.glob("*.csv"))}
    blocks = [
        *model_blocks(data, tables["models"], folder),
        *_full_information(study, long, tables, private, folder),
        *_scales(study, long, tables, folder),
        *_correlations(data, triads, tables["correlations"], folder),
    ]
    script = folder / "check.R"
    write_text(script, "\n".join([HEAD, *blocks, TAIL]))
    done = subprocess.run(  # noqa: S603 - our own script, no shell
        [str(shutil.which("Rscript")), "check.R"],
        cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip()[-400:]
        raise CrossCheckError([Problem(name_of(script), f"R stopped: {said}", "numbers")])
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return Compared(script, _compared(found, tables))


def _refuse_without_r() -> None:
    program = shutil.which("Rscript")
    if program is None:
        raise CrossCheckError([Problem("R", "no Rscript here", "R", "install R")])
    asks = "; ".join(f"if (!requireNamespace('{p}', quietly=TRUE)) cat('{p} ')" for p in PACKAGES)
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        [program, "-e", asks], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if absent := done.stdout.split():
        mend = "install.packages(c(" + ", ".join(f'"{each}"' for each in absent) + "))"
        found = f"no {', '.join(absent)}"
        raise CrossCheckError([Problem("R", found, "its packages", f"in R: {mend}")])


def _full_information(
    study: Study,
    long: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    private: Path,
    folder: Path,
) -> list[str]:
    if FULL not in tables:
        return []
    paths = sorted(private.glob("waves/*/missing.parquet"))
    missing = pd.concat([read_missing(path) for path in paths], ignore_index=True)
    linked = linked_answers(long, missing, study, keys_of(study))
    return full_information_blocks(linked, tables[FULL], folder)


def _scales(
    study: Study, long: pd.DataFrame, tables: dict[str, pd.DataFrame], folder: Path
) -> list[str]:
    form, keys, found = study.questionnaire, keys_of(study), []
    for wave in study.wave_names:
        table = tables[f"reliability_{wave}"]
        for row in table[table["statistic"] == "alpha"].to_dict("records"):
            whole = row["group"] == "" and pd.notna(row["estimate"])
            if not whole or "complete" not in str(row["method"]):
                continue
            about = str(row["about"]) or None
            facets = form.facet_questions(str(row["scale"]), str(row["role"]), about)
            questions = [form.questions[qid] for ids in facets.values() for qid in ids]
            here = long[(long["wave"] == wave) & (long["role"] == row["role"])]
            items = keyed_items(here, questions, form, keys).dropna()
            file = f"alpha_{wave}_{row['role']}_{row['scale']}_{row['about']}"
            write_csv(folder / f"{file}.csv", items)
            same = ["wave", "role", "about", "scale", "group"]
            own = (table[same] == [row[key] for key in same]).all(axis=1)
            omega = table[own & (table["statistic"] == "omega_total") & table["estimate"].notna()]
            found.append(alpha_block(file, str(row["id"]), omega["id"].tolist()))
    return found


def _correlations(
    data: ModelData, triads: pd.DataFrame, table: pd.DataFrame, folder: Path
) -> list[str]:
    found = []
    for name, plan in data.study.settings.plan.correlations.items():
        own = table[(table["group"] == name) & (table["statistic"] == "r")]
        known = own[own["estimate"].notna() & own["method"].str.startswith("pearson")]
        if known.empty:
            continue
        names = [variable.name for variable in data.resolve(plan.variables)]
        short = {each: f"v{i}" for i, each in enumerate(names)}
        rows = triads.loc[triads["wave"] == plan.wave, names].rename(columns=short)
        write_csv(folder / f"r_{name}.csv", rows)
        pairs = [(short[a], short[b]) for a, b in zip(known["scale"], known["term"], strict=True)]
        found.append(pairs_block(f"r_{name}", pairs, known["id"].tolist()))
    return found


def _compared(found: list[dict[str, object]], tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    whole = pd.concat(tables.values(), ignore_index=True).set_index("id")
    records = []
    for each in found:
        name, part = str(each["id"]), str(each["part"])
        ours, theirs = float(str(whole.loc[name, part])), float(str(each["value"]))
        statistic = name.rsplit("/", 1)[-1]
        is_iterated = any(f"/{kind}" in name for kind in ITERATED)
        bound = SEARCHED if is_iterated else RELATIVE["se" if part == "se" else statistic]
        unit = float(str(whole.loc[name, "se"])) if is_iterated else 1e-6
        agrees = abs(ours - theirs) <= bound * max(abs(ours), abs(theirs), unit)
        records.append((name, part, ours, theirs, bound, agrees))
    return pd.DataFrame(records, columns=["id", "part", "ours", "r", "tolerance", "agrees"])
