"""The command ``sluice-airflow``: looks at what would run, and at what could keep it from running."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from typing import TextIO

from sluice_airflow.cli import doctor, explain, reap, render

#: Exit code of a command that could not do what it was asked.
FAILED = 2

COMMANDS = (doctor, explain, reap, render)


def parser() -> argparse.ArgumentParser:
    """Return the command line's parser."""
    top = argparse.ArgumentParser(prog="sluice-airflow", description="Looks after Sluice's jobs in Airflow.")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2]
        described = commands.add_parser(name, help=command.HELP, description=command.DESCRIPTION)
        command.add_arguments(described)
        described.set_defaults(run=command.run)
    return top


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code."""
    arguments = parser().parse_args(words)
    return run(arguments.run, arguments)


def run(command: Callable[[argparse.Namespace, TextIO], int], arguments: argparse.Namespace) -> int:
    """Run a command; what is wrong is said in its own words, and what Airflow has to say does not get in between."""
    # Else connections that are kept in Airflow's database would not be found.
    os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")
    out = sys.stdout
    with redirect_stdout(sys.stderr):
        from sluice_airflow.exceptions import SluiceError

        try:
            return command(arguments, out)
        except SluiceError as error:
            sys.stderr.write(f"{error}\n")
            return FAILED
