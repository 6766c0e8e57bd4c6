"""The commands for review: seal a plan, verify a manifest, compare two runs, pack a study."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driehoek.commands.base import DONE, PROBLEMS, WRONG_USE, add, add_study

if TYPE_CHECKING:
    import pandas as pd

    from driehoek.review.compare import Difference
    from driehoek.review.verify import Twin, Verdict
    from driehoek.study import Study

SHOWN, SHOWN_IDS = 40, 5
WHERE = "folder that holds results/ (default: beside the study, or here)"


def add_commands(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    """Declare the commands of this module."""
    verify = add(
        commands, "verify", _verify,
        "Recompute a study and compare every number with a manifest.",
        "verify study.yaml --against results/mystudy/public/manifest.json",
    )  # fmt: skip
    add_study(verify)
    verify.add_argument("--against", type=Path, metavar="manifest.json")
    with_r = "recompute main results in R from the study's results instead"
    verify.add_argument("--with-r", action="store_true", help=with_r)
    verify.add_argument("--results", type=Path, metavar="DIR", help=f"{WHERE} (with R)")
    verify.add_argument("--cores", default="all", metavar="N", help="cores to use (default: all)")
    kept = "keep the recomputed results here"
    verify.add_argument("--out", type=Path, metavar="DIR", help=kept)
    verify.add_argument("--json", action="store_true", help="print what was found as JSON")
    risk = add(
        commands, "risk", _risk,
        "Measure how recognisable people are, for a data-protection officer.",
        "risk study.yaml",
    )  # fmt: skip
    add_study(risk)
    risk.add_argument("--results", type=Path, metavar="DIR", help=WHERE)
    changes = add(
        commands, "changes", _changes,
        "List what differs between two runs, and which statements flip.",
        "changes before/manifest.json results/mystudy/public/manifest.json",
    )  # fmt: skip
    changes.add_argument("old", type=Path, metavar="OLD", help="a manifest or a results folder")
    changes.add_argument("new", type=Path, metavar="NEW", help="a manifest or a results folder")
    changes.add_argument("--json", action="store_true", help="print the changes as JSON")

    seal = add(
        commands, "seal", _seal,
        "Seal the plan of a study before its data; the report lists what changes afterwards.",
        "seal study.yaml",
    )  # fmt: skip
    add_study(seal)

    pack = add(
        commands, "pack", _pack,
        "Pack a finished study for a reviewer: results, code and a synthetic twin.",
        "pack study.yaml --out mystudy_pack.zip",
    )  # fmt: skip
    add_study(pack)
    pack.add_argument("--out", type=Path, metavar="FILE.zip", help="default: beside the study")
    pack.add_argument("--results", type=Path, metavar="DIR", help=WHERE)
    pack.add_argument("--cores", default="all", metavar="N", help="cores to use (default: all)")


def _study_and_results(options: argparse.Namespace) -> "tuple[Study, Path]":
    """Read the study, and find the results of a run: beside it, or in the folder one is in."""
    from driehoek.problems import Problem, StudyError, name_of
    from driehoek.study import read_study

    study = read_study(options.study)
    folders = [options.results] if options.results else [study.path.parent, Path.cwd()]
    below = Path("results") / study.settings.study
    places = list(dict.fromkeys(folder.resolve() / below for folder in folders))
    found = [each for each in places if (each / "private" / "data" / "long.parquet").is_file()]
    if len(found) == 1:
        return study, found[0]
    told = " and ".join(map(name_of, found or places))
    if found:
        mend = "say which folder holds the results/ you mean: --results DIR"
        raise StudyError([Problem(told, "results in both", "one finished run", mend)])
    mend = "run the study first, or say which folder holds results/: --results DIR"
    raise StudyError([Problem(told, "no results here", "a finished run", mend)])


def _risk(options: argparse.Namespace) -> int:
    import pandas as pd

    from driehoek.analysis.rows import read_statistics
    from driehoek.files import write_csv
    from driehoek.review.privacy_risk import risk_report

    study, results = _study_and_results(options)
    linked = results / "private" / "data" / "long.parquet"
    tables = sorted((results / "public" / "statistics").glob("*.csv"))
    published = {path.stem: read_statistics(path) for path in tables}
    report = risk_report(study, pd.read_parquet(linked), published)
    write_csv(results / "private" / "risk.csv", report)
    for line in _risk_lines(report):
        print(line)
    print(f"made {results / 'private' / 'risk.csv'}: for the officer, not for publication")
    return DONE


def _risk_lines(report: "pd.DataFrame") -> Iterator[str]:
    """Lay the report out for reading: shares as percentages, and each table on a line."""
    tables: dict[str, list[str]] = {}
    for subject, measure, value, meaning in report.itertuples(index=False):
        told = f"{value:.1%}" if measure.startswith("share") else f"{value:.0f}"
        if measure in {"figures shown", "smallest n"}:
            tables.setdefault(subject, []).append(f"{measure} {told}")
        else:
            yield f"{subject}: {measure} {told} ({meaning})"
    yield "Published tables, with the persons behind the figure that has fewest:"
    for subject, told_of in tables.items():
        yield f"  {subject}: {', '.join(told_of)}"


def _pack(options: argparse.Namespace) -> int:
    import datetime

    from driehoek.pack.pack import pack_study

    study, results = _study_and_results(options)
    archive = options.out or study.path.parent / f"{study.settings.study}_pack.zip"
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    pack_study(options.study, results, archive, cores=options.cores, date=today)
    print(f"made {archive}")
    print("It holds no answers of people: the twin in it is synthetic. Look before you send it.")
    return DONE


def _seal(options: argparse.Namespace) -> int:
    import datetime

    from driehoek.review.sealed import seal_study
    from driehoek.study import read_study

    study = read_study(options.study)
    seal = seal_study(study, datetime.datetime.now(datetime.UTC))
    print(f"made {study.seal}")
    print(f"Sealed at {seal.date}: {seal.sha256}")
    print("Register this line elsewhere too (OSF, an e-mail): a clock and a file can be changed.")
    for file in seal.exports_present:
        print(f"{file} was there already: the plan was not sealed before all data.")
    return DONE


def _verify(options: argparse.Namespace) -> int:
    from driehoek.review.verify import verify

    if options.with_r:
        return _with_r(options)
    if options.against is None:
        print("say --against manifest.json, or --with-r", file=sys.stderr)
        return WRONG_USE
    found = verify(options.study, options.against, cores=options.cores, keep=options.out)
    if options.json:
        print(json.dumps(_as_record(found), ensure_ascii=False, indent=1))
    elif found.twin is None:
        _say(found)
    else:
        _say_twin(found, found.twin, options.against)
    return DONE if found.is_same else PROBLEMS


def _as_record(found: "Verdict") -> dict[str, object]:
    record: dict[str, object] = {
        "ok": found.is_same,
        "is_twin": found.twin is not None,
        "where": found.where,
        "altered": [asdict(each) for each in found.altered],
        "files": found.n_files,
        "causes": [asdict(each) for each in found.causes],
        "numbers": _records(found.numbers),
        "compared": found.n_numbers,
    }
    if found.twin is None:
        return record
    own = found.twin.own
    return record | {
        "tables": _records(found.twin.counts),
        "steps": _records(found.twin.steps),
        "ids": _records(found.twin.ids),
        "own": None if own is None else _as_record(own),
    }


def _with_r(options: argparse.Namespace) -> int:
    from driehoek.review.cross_check import cross_check

    found = cross_check(*_study_and_results(options))
    table = found.table
    differing = table[~table["agrees"].astype(bool)]
    if options.json:
        record = {"ok": differing.empty, "script": str(found.script), "numbers": _records(table)}
        print(json.dumps(record, ensure_ascii=False, indent=1))
        return DONE if differing.empty else PROBLEMS
    print(f"The script and its data: {found.script.parent}")
    for row in differing.itertuples():
        print(f"  {row.id}, {row.part}: {row.ours!r} here, {row.r!r} in R")
    outcome = "all of them agree" if differing.empty else f"{len(differing)} of them differ"
    print(f"{len(table)} numbers recomputed in R, {outcome}.")
    return DONE if differing.empty else PROBLEMS


def _say(found: "Verdict") -> None:
    _say_altered(found)
    _say_numbers(found.numbers)
    if found.where:
        print(f"Where: {found.where}.")
    _say_causes(found.causes)
    if found.is_same:
        print(f"The same: {found.n_numbers} numbers recomputed, each within its tolerance.")
    else:
        print("Not the same.")


def _say_twin(found: "Verdict", twin: "Twin", against: Path) -> None:
    print("This study is run on a synthetic twin, or the manifest is of one. Numbers of a twin are")
    print("its own, so a study and its twin are held together by their tables, steps and code.")
    if twin.own is not None:
        print("\nThe twin and its own manifest:")
        _say(twin.own)
    print(f"\nThe study and its twin, by {against}:")
    _say_altered(found)
    _say_causes(found.causes)
    print("Numbers of each table (manifest, here):")
    for row in twin.counts.itertuples():
        print(f"  {row.table}, by {row.rule}: {row.old}, {row.new}")
    print("Jobs of each rule (manifest, here); those that read exports may differ:")
    for row in twin.steps.itertuples():
        print(f"  {row.rule}: {row.old}, {row.new}")
    for side, words in (("old", "the manifest"), ("new", "this run")):
        names = twin.ids.loc[twin.ids["only"] == side, "id"].tolist()
        print(f"Numbers that only {words} has: {len(names)}{' (no fault)' if names else ''}.")
        for name in names[:SHOWN_IDS]:
            print(f"  {name}")
        if len(names) > SHOWN_IDS:
            print(f"  ... and {len(names) - SHOWN_IDS} more; all of them with --json")
    own = "" if twin.own is None else ", and the numbers of the twin's own manifest"
    print(f"The same structure, steps and code{own}." if found.is_same else "Not the same.")


def _say_altered(found: "Verdict") -> None:
    for each in found.altered[:SHOWN]:
        print(f"altered: {each}")
    if len(found.altered) > SHOWN:
        print(f"... and {len(found.altered) - SHOWN} more; all of them with --json")
    if found.n_files and not found.altered:
        print(f"Published files beside the manifest: {found.n_files}, all as they were sealed.")


def _changes(options: argparse.Namespace) -> int:
    from driehoek.review.compare import causes, numbers_changed
    from driehoek.review.exposed import exposed
    from driehoek.review.flips import flips
    from driehoek.review.record import read_record

    old, new = read_record(options.old), read_record(options.new)
    found, numbers, flipped = causes(old, new), numbers_changed(old, new), flips(old, new)
    few = exposed(old, new)
    if options.json:
        record = {
            "causes": [asdict(each) for each in found],
            "numbers": _records(numbers),
            "flips": [asdict(each) for each in flipped],
            "exposed": [asdict(each) for each in few],
        }
        print(json.dumps(record, ensure_ascii=False, indent=1))
        return DONE
    _say_causes(found)
    _say_numbers(numbers)
    print(f"{len(flipped)} statements flip.")
    for each in flipped:
        print(f"  {each}")
    if few:
        print(f"Do not publish both: {len(few)} results differ by so few persons that the two")
        print(f"together show what these answered. The first: {few[0]}")
    return DONE


def _say_causes(found: "list[Difference]") -> None:
    for each in found[:SHOWN]:
        print(str(each))
    if len(found) > SHOWN:
        print(f"... and {len(found) - SHOWN} more; all of them with --json")


def _say_numbers(numbers: "pd.DataFrame") -> None:
    both = numbers.dropna(subset=["old", "new"])
    gone, come = numbers["new"].isna().sum(), numbers["old"].isna().sum()
    print(f"{len(both)} numbers differ, {come} are new, {gone} are gone.")
    for row in both.head(SHOWN).itertuples():
        moved = f"{row.old!r} -> {row.new!r} ({row.change:+.3g})"
        print(f"  {row.id}, {row.part}: {moved}, by {row.rule}")
    if len(both) > SHOWN:
        print(f"  ... and {len(both) - SHOWN} more; all of them with --json")


def _records(table: "pd.DataFrame") -> list[dict[str, object]]:
    known = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in known.to_dict("records")]
