"""Damage raw files and kill runs at random, and say in one line what came of it."""

import argparse
import multiprocessing
import sys
import tempfile
from collections import Counter
from pathlib import Path

from fuzz.kills import Killing, kill_runs
from fuzz.mutations import BINARY, CUT, DIALECTS, READ, REFUSED, verdict

BINARY_SHARE = 50  # one in so many: each costs a process of its own


def main() -> int:
    """Run both parts; give 1 where anything failed."""
    asked = _parser().parse_args()
    tasks = list(_tasks(asked.mutations, asked.seed))
    with multiprocessing.get_context("spawn").Pool() as pool:
        verdicts = pool.starmap(verdict, tasks, chunksize=50)
        pool.close()  # so that the workers take their folders away
        pool.join()
    known = {READ, REFUSED, CUT}
    counts = Counter(v if v in known else "failed" for v in verdicts)
    for (kind, number), found in zip(tasks, verdicts, strict=True):
        if found not in known:
            print(f"{kind}, mutation {number}: {found}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="driehoek-fuzz-") as folder:
        killing = kill_runs(Path(folder), asked.kills, asked.seed) if asked.kills else Killing()
    for fault in killing.faults:
        print(fault, file=sys.stderr)
    failed = counts["failed"] + len(killing.faults)
    print(
        f"fuzz: {len(tasks)} mutations of {len(DIALECTS | BINARY)} kinds of file, "
        f"{counts[READ]} read with every row, {counts[REFUSED]} refused with a message and "
        f"{counts[CUT]} {CUT}, which cannot be told; "
        f"{killing.kills} kills in {killing.runs} runs, resumed to the same bytes; "
        f"{failed} failed"
    )
    return 1 if failed else 0


def _tasks(count: int, seed: int) -> list[tuple[str, int]]:
    """Spread the mutations over the kinds of file, binary ones seldom."""
    kinds, rare = list(DIALECTS), list(BINARY)
    return [
        (rare[i // BINARY_SHARE % len(rare)] if i % BINARY_SHARE == 0 else kinds[i % len(kinds)], i)
        for i in range(seed, seed + count)
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument("--mutations", type=int, default=10_000, metavar="N")
    parser.add_argument("--kills", type=int, default=50, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="number of the first")
    return parser


if __name__ == "__main__":
    sys.exit(main())
