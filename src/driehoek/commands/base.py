"""What every console command shares: exit statuses and how a command is declared."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

DONE, PROBLEMS, WRONG_USE = 0, 1, 2

Command = Callable[[argparse.Namespace], int]


def add(commands: Any, name: str, command: Command, summary: str, example: str) -> Any:  # noqa: ANN401 - argparse keeps its classes private
    """Declare a command with its help and an example."""
    added = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"Example:  driehoek {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    added.set_defaults(command=command)
    return added


def add_study(command: Any) -> None:  # noqa: ANN401 - argparse keeps its classes private
    """Let a command take a study file."""
    command.add_argument("study", type=Path, metavar="STUDY.yaml")
