"""The console command ``driehoek``."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from driehoek.commands import next_wave, planning, review
from driehoek.commands.base import DONE, PROBLEMS, Command
from driehoek.commands.base import add as _add
from driehoek.problems import ProblemsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give 0 if done, 1 if study or data have problems, 2 for wrong use."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        return command(options)
    except ProblemsError as fault:
        _say_problems(fault, as_json=getattr(options, "json", False))
        return PROBLEMS


def _say_problems(fault: ProblemsError, *, as_json: bool) -> None:
    if as_json:
        records = [problem.as_record() for problem in fault.problems]
        print(json.dumps({"ok": False, "problems": records}, ensure_ascii=False, indent=1))
    else:
        print(fault, file=sys.stderr)


def _run(options: argparse.Namespace) -> int:
    from driehoek.study import read_study, require_files  # each command loads its own alone
    from driehoek.workflow_run import run_workflow

    study = read_study(options.study)
    require_files(study)
    out = (options.out or options.study.resolve().parent).resolve()
    outcome = run_workflow(
        options.study, out, options.cores, profile=options.profile, unlock=options.unlock
    )
    if outcome.status:
        print("\n\n".join(outcome.failures) or "Snakemake stopped", file=sys.stderr)
        return PROBLEMS
    if options.unlock:
        return DONE
    public = out / "results" / study.settings.study / "public"
    print("Nothing had to be done." if not outcome.steps else f"{outcome.steps} steps done.")
    for language in study.settings.report.languages:
        print(f"The report: {public / f'report.{language}.html'}")
    return DONE


def _check(options: argparse.Namespace) -> int:
    from driehoek.checks import check_study

    roster = check_study(options.study)
    if options.json:
        records = roster.astype(object).where(roster.notna(), None).to_dict("records")
        ok = bool((roster["result"] != "failed").all())
        print(json.dumps({"ok": ok, "checks": records}, ensure_ascii=False, indent=1))
    else:
        for line in roster.itertuples():
            print(f"{line.result:>8}  {line.subject}: {line.check}  {line.detail}".rstrip())
    return PROBLEMS if (roster["result"] == "failed").any() else DONE


def _new(options: argparse.Namespace) -> int:
    from driehoek.new_study import new_study

    for path in new_study(options.folder, options.key):
        print(f"made {path}")
    print("Keep a copy of the key apart from the data: without it the waves cannot be linked.")
    return DONE


def _simulate(options: argparse.Namespace) -> int:
    from driehoek.job import generator
    from driehoek.simulation.study import simulate_study, write_exports
    from driehoek.study import read_study

    study = read_study(options.study)
    rng = generator(options.seed, "simulate")
    simulated = simulate_study(study, triads=options.n, rng=rng)
    for path in write_exports(simulated, study, options.out):
        print(f"made {path}")
    return DONE


def _score(options: argparse.Namespace) -> int:
    from driehoek.score_file import score_file

    count = score_file(options.instrument, options.data, options.out, role=options.role)
    print(f"scored {count} rows into {options.out}")
    return DONE


def _export(options: argparse.Namespace) -> int:
    from driehoek.deploy.targets import Extras, export
    from driehoek.instrument.reading import read_instrument
    from driehoek.scoring.published import read_keys

    form = read_instrument(options.instrument)
    folder = options.instrument.parent / "scales"
    extras = Extras(
        keys=read_keys(form, folder, accept_unverified=True),
        statistics=options.statistics,
        post_to=options.post_to,
        autosave=not options.no_autosave,
    )
    left = export(
        form, options.to, options.out, role=options.role, language=options.lang, extras=extras
    )
    print(f"made {options.out}")
    for step in left:
        print(f"left to do: {step}")
    return DONE


def _preview(options: argparse.Namespace) -> int:
    from driehoek.deploy.preview import write_preview
    from driehoek.instrument.reading import read_instrument

    form = read_instrument(options.instrument)
    for remark in write_preview(form, options.out, role=options.role, language=options.lang):
        print(remark)
    print(f"made {options.out}")
    return DONE


def _diff(options: argparse.Namespace) -> int:
    from driehoek.instrument.comparison import compare
    from driehoek.instrument.reading import read_instrument

    differences = compare(read_instrument(options.old), read_instrument(options.new))
    if options.json:
        records = [asdict(each) for each in differences]
        print(json.dumps({"differences": records}, ensure_ascii=False, indent=1))
    else:
        print("\n".join(map(str, differences)) or "Both versions ask and score the same.")
    return DONE


def _cite(options: argparse.Namespace) -> int:
    from driehoek.citation import citation

    print(citation(options.format))
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="driehoek",
        description="From one questionnaire about the triad of help to a reviewed paper.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_check(commands)
    _add_new(commands)
    _add_simulate(commands)
    _add_score(commands)
    _add_export(commands)
    _add_preview(commands)
    _add_diff(commands)
    next_wave.add_commands(commands)
    planning.add_commands(commands)
    review.add_commands(commands)
    _add_cite(commands)
    return parser


def _add_run(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    run = _add(
        commands, "run", _run, "Run the study from its raw exports to the report.",
        "run study.yaml --cores 2",
    )  # fmt: skip
    run.add_argument("study", type=Path, metavar="STUDY.yaml")
    where = run.add_mutually_exclusive_group()
    where.add_argument("--cores", default="all", metavar="N", help="cores to use (default: all)")
    where.add_argument(
        "--profile", metavar="NAME", help="where to run: slurm, or a folder with a profile"
    )
    run.add_argument(
        "--out", type=Path, metavar="DIR", help="where results/ goes (default: beside the study)"
    )
    run.add_argument(
        "--unlock", action="store_true", help="clear the lock that a killed run has left"
    )


def _add_check(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    check = _add(
        commands, "check", _check, "Check study, instrument and exports; list every check.",
        "check study.yaml",
    )  # fmt: skip
    check.add_argument("study", type=Path, metavar="STUDY.yaml")
    check.add_argument("--json", action="store_true", help="print the checks as JSON")


def _add_new(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    new = _add(
        commands, "new", _new, "Lay out a new study: study file, raw folder, pseudonym key.",
        "new mijn_studie",
    )  # fmt: skip
    new.add_argument("folder", type=Path, metavar="DIR")
    new.add_argument("--key", type=Path, metavar="FILE", help="where the pseudonym key goes")


def _add_simulate(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    simulate = _add(
        commands, "simulate", _simulate, "Write exports of the study with known true parameters.",
        "simulate study.yaml --n 300 --seed 1 --out simulated",
    )  # fmt: skip
    simulate.add_argument("study", type=Path, metavar="STUDY.yaml")
    simulate.add_argument("--n", type=_count, required=True, help="triads")
    simulate.add_argument("--seed", type=int, required=True)
    simulate.add_argument("--out", type=Path, required=True, metavar="DIR")


def _add_score(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    score = _add(
        commands, "score", _score, "Score a table of answers by an instrument or a published key.",
        "score instruments/scales/ediz.yaml answers.csv --out scores.csv",
    )  # fmt: skip
    score.add_argument("instrument", type=Path, metavar="INSTRUMENT.yaml")
    score.add_argument("data", type=Path, metavar="DATA")
    score.add_argument("--role", metavar="ROLE", help="whose answers, where the table does not say")
    score.add_argument("--out", type=Path, required=True, metavar="FILE")


def _add_export(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    export = _add(
        commands, "export", _export, "Write an instrument for a survey platform, paper or archive.",
        "export instruments/triad.yaml --to limesurvey --out triad.txt",
    )  # fmt: skip
    export.add_argument("instrument", type=Path, metavar="INSTRUMENT.yaml")
    export.add_argument("--to", required=True, metavar="TARGET", help="see docs/deploy")
    export.add_argument("--role", metavar="ROLE", help="only this role")
    export.add_argument("--lang", metavar="LANGUAGE", help="only this language")
    export.add_argument("--out", type=Path, required=True, metavar="PATH")
    public = "public/statistics of a study, for the codebook"
    export.add_argument("--statistics", type=Path, metavar="DIR", help=public)
    post = "address to which the web page sends the answers"
    export.add_argument("--post-to", default="", metavar="URL", help=post)
    keep = "the web page keeps no unfinished answers on the device"
    export.add_argument("--no-autosave", action="store_true", help=keep)


def _add_preview(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    preview = _add(
        commands, "preview", _preview, "Show what respondents will see, with a checklist.",
        "preview instruments/triad.yaml --out preview.html",
    )  # fmt: skip
    preview.add_argument("instrument", type=Path, metavar="INSTRUMENT.yaml")
    preview.add_argument("--role", help="only this role")
    preview.add_argument("--lang", metavar="LANGUAGE", help="only this language")
    preview.add_argument("--out", type=Path, required=True, metavar="FILE.html")


def _add_diff(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    diff = _add(
        commands, "diff", _diff, "Compare two versions of an instrument, and their scores.",
        "diff triad_0.1.0.yaml triad_0.2.0.yaml",
    )  # fmt: skip
    diff.add_argument("old", type=Path, metavar="OLD.yaml")
    diff.add_argument("new", type=Path, metavar="NEW.yaml")
    diff.add_argument("--json", action="store_true", help="print the differences as JSON")


def _add_cite(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    cite = _add(commands, "cite", _cite, "Say how to cite driehoek.", "cite --format bibtex")
    cite.add_argument("--format", choices=["text", "bibtex"], default="text")


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        msg = f"{text} is no number of triads"
        raise argparse.ArgumentTypeError(msg)
    return number


if __name__ == "__main__":
    sys.exit(main())
