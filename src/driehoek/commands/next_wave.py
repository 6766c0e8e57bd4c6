"""The command for a new wave: propose, show, and write only what is accepted."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driehoek.commands.base import DONE, PROBLEMS, add, add_study

if TYPE_CHECKING:
    import pandas as pd

    from driehoek.next_wave.proposal import Proposal

NAMED = 5  # subjects of equal findings that are named on the screen


def add_commands(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    """Declare the commands of this module."""
    wave = add(
        commands, "add-wave", _add_wave,
        "Add a wave: recognise its files, match their columns, compare it with earlier waves.",
        "add-wave study.yaml raw/w3.csv",
    )  # fmt: skip
    add_study(wave)
    wave.add_argument("files", type=Path, nargs="+", metavar="FILE", help="exports of the new wave")
    wave.add_argument("--wave", metavar="NAME", help="its name (default: the next number)")
    wave.add_argument("--role", action="append", default=[], help="whose answers; may be repeated")
    asked = "the version it was asked, if not the study's own"
    wave.add_argument("--instrument", type=Path, metavar="FILE.yaml", help=asked)
    wave.add_argument("--yes", action="store_true", help="accept what is proposed, without asking")
    wave.add_argument("--all", action="store_true", help="show comparisons within bounds too")
    wave.add_argument("--json", action="store_true", help="print the proposal as JSON")


def _add_wave(options: argparse.Namespace) -> int:
    from driehoek.files import write_csv
    from driehoek.next_wave.proposal import propose_wave
    from driehoek.next_wave.study_edit import write_study

    found = propose_wave(
        options.study,
        options.files,
        name=options.wave,
        instrument=options.instrument,
        roles=options.role,
    )
    accepted = not found.stops and (options.yes or (not options.json and _asked(found, options)))
    if options.json:
        record = found.as_record() | {"written": accepted}
        print(json.dumps(record, ensure_ascii=False, indent=1))
    elif found.stops or options.yes:
        _show(found, everything=options.all)
    report = options.files[0].parent / "driehoek-drift" / f"{found.wave.name}.csv"
    write_csv(report, found.report)
    if accepted:
        write_study(options.study, found.text)
    if not options.json:
        print(f"Every comparison: {report}")
        print(_outcome(found, options.study, accepted=accepted))
    return DONE if accepted else PROBLEMS


def _outcome(found: "Proposal", study: Path, *, accepted: bool) -> str:
    if accepted:
        return f"Wave {found.wave.name} stands in {study}. Next: driehoek run {study}"
    if found.stops:
        return "Nothing was written: mend what says stop, and add the wave again."
    return "Nothing was written. To accept without being asked: --yes"


def _asked(found: "Proposal", options: argparse.Namespace) -> bool:
    _show(found, everything=options.all)
    if not sys.stdin.isatty():
        return False
    return input("Write this wave into the study file? [y/N] ").strip().casefold() in {
        "y",
        "yes",
        "j",
        "ja",
    }


def _lines(report: "pd.DataFrame") -> Iterator[str]:
    """Give a line a finding; waves that it holds against share it, and so do equal findings."""
    shared: dict[tuple[str, str], list[str]] = {}
    for (verdict, what, subject, now), rows in report.groupby(
        ["verdict", "what", "subject", "now"], sort=False
    ):
        told = "; ".join(f"{row.against} {row.before}".strip() for row in rows.itertuples())
        shared.setdefault((f"{verdict:>4}  {what}", f"{told} -> {now}"), []).append(str(subject))
    for (what, told), subjects in shared.items():
        more = f" and {len(subjects) - NAMED} more" if len(subjects) > NAMED else ""
        yield f"  {what}: {', '.join(subjects[:NAMED])}{more}: {told}"


def _show(found: "Proposal", *, everything: bool) -> None:
    from driehoek.next_wave.study_edit import wave_lines

    for each in found.files:
        roles = ", ".join(each.roles)
        print(f"{each.path}: {each.platform}, as {each.reason}; {each.n} rows; {roles}")
        for new in each.renamings:
            print(f"  proposed: column {new.column!r} answers {new.question}: {new.reason}")
    print("\nTo be written into the study file:")
    print("\n".join(f"  {line}" for line in wave_lines(found.wave)))
    report = found.report if everything else found.report[found.report["verdict"] != "ok"]
    print(f"\nCompared with earlier waves: {len(found.report)} comparisons, {len(report)} shown.")
    for line in _lines(report):
        print(line)
    rules = report.drop_duplicates("what")
    print("\nLooked at from:" if len(rules) else "")
    for row in rules.itertuples():
        print(f"  {row.what}: {row.threshold} ({row.source})")
    print()
