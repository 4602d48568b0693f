"""The command ``sluice-airflow``: its help, what it renders and what it explains."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml

from sluice_airflow.cli import COMMANDS, FAILED, main
from sluice_airflow.cli.explain import annotated
from sluice_airflow.launchers.layers import leaves

NAMES = [command.__name__.rpartition(".")[2] for command in COMMANDS]

DAG_FILE = """
from datetime import timedelta
from airflow.sdk import DAG
from airflow.providers.standard.operators.empty import EmptyOperator
from sluice_airflow import SluiceJobOperator, sluice_dag

dag = sluice_dag({manifest!r}, schedule="@monthly", start_date="2013-01-01", operator_args={{
    "job_resources": {{"memory": "6Gi"}},
    "pod_override": {{"spec": {{"nodeSelector": {{"pool": "large"}}}}}},
    "execution_timeout": timedelta(hours=1),
}}, settings={{"raw": "/raw/{{{{ ds }}}}"}})
with dag:
    EmptyOperator(task_id="nothing")
"""

PROFILE = """
default:
  namespace: production
  tolerations: [{key: spark, operator: Exists}]
projects:
  flights:
    env: {SLUICE_LAKE_REGION: eu-central-1}
    jobs:
      clean-departures:
        resources: {cpu: "2"}
        env: {NOTE: "yes, #1: \\"quoted\\""}
"""


@pytest.mark.parametrize("command", ["", *NAMES])
def test_help(
    command: str,
    golden: Callable[[str, Any], None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")

    with pytest.raises(SystemExit) as ended:
        main([*([command] if command else []), "--help"])

    assert ended.value.code == 0
    golden(f"help{'-' if command else ''}{command}.txt", capsys.readouterr().out.rstrip("\n"))


def test_the_command_is_installed() -> None:
    (script,) = entry_points(group="console_scripts", name="sluice-airflow")

    assert script.load() is main


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("render.txt", ["--register"]),
        ("render.dot", ["--format", "dot"]),
        ("render.mmd", ["--format", "mermaid"]),
    ],
)
def test_render(
    name: str,
    words: list[str],
    flights: Path,
    golden: Callable[[str, Any], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["render", str(flights), *words]) == 0

    golden(name, capsys.readouterr().out.rstrip("\n"))


@pytest.fixture
def dags(tmp_path: Path, flights: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "flights.py").write_text(DAG_FILE.format(manifest=str(flights)))
    profile = tmp_path / "profile.yaml"
    profile.write_text(PROFILE)
    extra = {"namespace": "jobs", "service_account": "flights", "env_from_secrets": ["lake"], "profile": str(profile)}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))
    return tmp_path / "dags"


def explain(dags: Path, *words: str) -> int:
    return main(["explain", *words, "--dags-folder", str(dags)])


def test_explain(dags: Path, golden: Callable[[str, Any], None], capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(dags, "flights", "clean-departures", "--run-date", "2013-02-01") == 0

    printed = capsys.readouterr().out
    golden("explain.yaml", printed.rstrip("\n"))
    pod = yaml.safe_load(printed)
    assert pod["spec"]["containers"][0]["env"][1] == {"name": "NOTE", "value": 'yes, #1: "quoted"'}
    assert "2013-01-01T00:00:00+00:00/2013-02-01T00:00:00+00:00" in pod["spec"]["containers"][0]["args"]


def test_every_field_that_is_explained_has_an_origin() -> None:
    pod = {"a": {}, "b": [], "c": [{"name": "x", "y": None, "z": [1, {"q": "t\nu"}]}], "d": {"e.f": True}}
    origins = {path: "somebody" for path, _ in leaves(pod)}

    lines = list(annotated(pod, origins))

    assert yaml.safe_load("\n".join(lines)) == pod
    assert [line for line in lines if "#" not in line] == ["c:", "  z:", "d:"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["flihgts", "x"],
            "Cannot find DAG 'flihgts': no file of {dags} has it. Did you mean 'flights'? Known: flights.",
        ),
        (
            ["flights", "clean"],
            "Cannot explain task 'clean' of DAG 'flights': there is no such task. Known: clean-departures, "
            "delay-stats, extract-flights, extract-weather, load-delays.",
        ),
        (
            ["flights", "nothing"],
            "Cannot explain task 'nothing' of DAG 'flights': it runs no job of a manifest. Known: clean-departures, "
            "delay-stats, extract-flights, extract-weather, load-delays.",
        ),
        (
            ["flights", "delay-stats", "--run-date", "yesterday"],
            "Cannot read date 'yesterday': it is not ISO 8601. Write it as 2013-02-01.",
        ),
    ],
)
def test_what_cannot_be_explained_is_said(
    dags: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str
) -> None:
    assert explain(dags, *words) == FAILED

    assert message.format(dags=dags) in capsys.readouterr().err


def test_a_process_has_no_pod(dags: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"launcher": "process", "home": "/jars"}
    monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps({"conn_type": "sluice", "extra": extra}))

    assert explain(dags, "flights", "clean-departures") == FAILED

    assert "connection 'sluice_default' launches no pods but 'process'" in capsys.readouterr().err
