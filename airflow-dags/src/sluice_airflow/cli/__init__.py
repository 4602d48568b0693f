"""The command ``sluice-airflow``: looks at what would run, and at what could keep it from running."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

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
    # Else connections that are kept in Airflow's database would not be found.
    os.environ.setdefault("_AIRFLOW_PROCESS_CONTEXT", "server")
    out = sys.stdout
    with redirect_stdout(sys.stderr):  # where what Airflow has to say belongs, from its import on
        from sluice_airflow.exceptions import SluiceError

        try:
            return int(arguments.run(arguments, out))
        except SluiceError as error:
            sys.stderr.write(f"{error}\n")
            return FAILED
