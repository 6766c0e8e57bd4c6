"""The commands of a study that is still planned: power and precision, codes to hand out."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driehoek.commands.base import DONE, add, add_study

if TYPE_CHECKING:
    import pandas as pd


def add_commands(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    """Declare the commands of this module."""
    power = add(
        commands, "power", _power,
        "Simulate a planned study many times: power and width of the intervals of its models.",
        "power study.yaml --triads 100 200 --studies 200 --out power.csv",
    )  # fmt: skip
    add_study(power)
    sizes = "numbers of triads (default: those of the study file)"
    power.add_argument("--triads", type=_size, nargs="+", metavar="N", help=sizes)
    many = "simulated studies of each size (default: that of the study file)"
    power.add_argument("--studies", type=int, metavar="N", help=many)
    power.add_argument("--cores", type=int, default=1, metavar="N", help="processes (default: 1)")
    power.add_argument("--out", type=Path, metavar="FILE.csv", help="write the whole table here")
    codes = add(
        commands, "codes", _codes,
        "Make triad and person codes to hand out, with check digits where the instrument has them.",
        "codes study.yaml --triads 120 --out codes.csv",
    )  # fmt: skip
    add_study(codes)
    codes.add_argument("--triads", type=_count, required=True, metavar="N", help="how many triads")
    each = "persons in each role of a triad (default: 1)"
    codes.add_argument("--persons", type=_count, default=1, metavar="N", help=each)
    codes.add_argument(
        "--out", type=Path, required=True, metavar="FILE.csv", help="write them here"
    )


def _count(text: str) -> int:
    if int(text) < 1:
        msg = f"{text} is less than 1"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _size(text: str) -> int:
    from driehoek.plan.power import FEWEST

    if int(text) < FEWEST:
        msg = f"{text} is too few triads to simulate; the least is {FEWEST}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _power(options: argparse.Namespace) -> int:
    from driehoek.files import write_csv
    from driehoek.simulation.power import power
    from driehoek.study import read_study

    study = read_study(options.study)
    plan = study.settings.power
    table = power(
        study,
        options.triads or plan.triads,
        studies=options.studies or plan.studies,
        cores=options.cores,
    )
    if options.out is not None:
        write_csv(options.out, table)
    for line in _lines(table):
        print(line)
    if options.out is not None:
        print(f"made {options.out}")
    return DONE


def _codes(options: argparse.Namespace) -> int:
    from driehoek.codes import codes_to_hand_out
    from driehoek.files import write_csv
    from driehoek.study import read_study

    study = read_study(options.study)
    table = codes_to_hand_out(study, triads=options.triads, persons=options.persons)
    write_csv(options.out, table)
    print(f"made {options.out}")
    return DONE


def _lines(table: "pd.DataFrame") -> list[str]:
    """Lay the table out for reading: power and width, each with its Monte-Carlo error."""
    width = max(len(str(term)) for term in table["term"])
    head = f"{'term':<{width}}  {'triads':>7}  {'power':>13}  {'width':>14}  {'failed':>6}"
    lines: list[str] = []
    for (model, block), rows in table.groupby(["model", "block"], sort=False):
        lines += ["", " ".join(filter(None, (str(model), str(block)))), head]
        lines += [
            f"{row.term:<{width}}  {row.triads:>7}  {row.power:.3f} ({row.power_se:.3f})  "
            f"{row.width:.4f} ({row.width_se:.4f})  {row.failed:>6}"
            for row in rows.itertuples()
        ]
    return lines[1:]
