from __future__ import annotations

import argparse
import json
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import airflow
import jsonschema
import pytest

import sluice_airflow
from sluice_airflow import get_provider_info
from sluice_airflow.connection import ConnectionSettings


def test_airflows_own_schema_accepts_it() -> None:
    schema = Path(airflow.__path__[0], "provider_info.schema.json")

    jsonschema.validate(get_provider_info(), json.loads(schema.read_text()))


def test_airflow_finds_it_by_its_entry_point() -> None:
    (entry,) = entry_points(group="apache_airflow_provider", value="sluice_airflow:get_provider_info")

    assert entry.load() is get_provider_info
    assert get_provider_info()["versions"] == [sluice_airflow.__version__]


def test_what_it_names_exists() -> None:
    info = get_provider_info()
    (connection,) = info["connection-types"]
    module, _, name = connection["hook-class-name"].rpartition(".")
    hook = getattr(import_module(module), name)

    assert hook.conn_type == connection["connection-type"] == "sluice"
    assert hook.hook_name == connection["hook-name"]
    named = [entry["class-name"] for entry in info["task-decorators"]]
    named += [uris[key] for uris in info["asset-uris"] for key in ("handler", "factory")]
    for path in named:
        module, _, name = path.rpartition(".")
        assert callable(getattr(import_module(module), name))
    for section in ("operators", "hooks"):
        for modules in info[section]:
            for module in modules["python-modules"]:
                import_module(module)


def test_airflow_itself_has_the_same_commands(flights: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = get_provider_info()["cli"]
    module, _, name = path.rpartition(".")
    (group,) = getattr(import_module(module), name)()
    parser = argparse.ArgumentParser()
    (render,) = [command for command in group.subcommands if command.name == "render"]
    for argument in render.args:
        argument.add_to_parser(parser)

    with pytest.raises(SystemExit) as ended:
        render.func(parser.parse_args([str(flights), "--format", "dot"]))

    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith('digraph "flights" {')
    assert [command.name for command in group.subcommands] == ["doctor", "explain", "reap", "render"]


def test_the_form_has_a_field_for_every_key_of_the_connection() -> None:
    (connection,) = get_provider_info()["connection-types"]

    assert set(connection["conn-fields"]) == set(ConnectionSettings.__dataclass_fields__)
