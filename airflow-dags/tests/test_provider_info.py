from __future__ import annotations

import json
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import airflow
import jsonschema

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


def test_the_form_has_a_field_for_every_key_of_the_connection() -> None:
    (connection,) = get_provider_info()["connection-types"]

    assert set(connection["conn-fields"]) == set(ConnectionSettings.__dataclass_fields__)
