"""The same commands as ``airflow sluice …``, where Airflow takes commands from providers (3.2 or newer)."""

from __future__ import annotations

import sys
from typing import Any


def get_commands() -> list[Any]:
    """Return the group of commands; Airflow asks for it at every command line of its own, so it is cheap."""
    from airflow.cli.cli_config import ActionCommand, GroupCommand

    from sluice_airflow.cli import COMMANDS

    subcommands = [
        ActionCommand(
            name=command.__name__.rpartition(".")[2],
            help=command.HELP,
            description=command.DESCRIPTION,
            func=_function(command),
            args=_arguments(command),
        )
        for command in COMMANDS
    ]
    return [GroupCommand(name="sluice", help="Look after Sluice's jobs", subcommands=subcommands)]


def _function(command: Any) -> Any:
    from sluice_airflow.cli import run

    return lambda arguments: sys.exit(run(command.run, arguments))


def _arguments(command: Any) -> tuple[Any, ...]:
    from airflow.cli import cli_config

    make: Any = cli_config.Arg

    class Recorder:
        """Takes the arguments as a parser of argparse would, and keeps them as Airflow wants them."""

        def __init__(self) -> None:
            self.taken: list[Any] = []

        def add_argument(self, *flags: str, **said: Any) -> None:
            self.taken.append(make(flags, **said))

    recorder = Recorder()
    command.add_arguments(recorder)
    return tuple(recorder.taken)
