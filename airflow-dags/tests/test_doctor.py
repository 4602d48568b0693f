"""The doctor on a cluster with one thing broken at a time: it names that thing, and nothing else."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kubernetes.config import kube_config

from fake_api import FakeApi, serving
from sluice_airflow.cli import main
from sluice_airflow.doctor import trial

EXTRA: dict[str, Any] = {
    "namespace": "jobs",
    "service_account": "flights",
    "env_from_secrets": ["lake"],
}


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeApi]:
    made = FakeApi()
    with serving(made, tmp_path) as kubeconfig:
        monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(kubeconfig))
        yield made


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def made(**extra: Any) -> None:
        said = {"conn_type": "sluice", "extra": {**EXTRA, **extra}}
        monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", json.dumps(said))

    made()
    return made


def doctor(
    api: FakeApi, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Run the command; return its exit code and its findings by their state."""
    code = main(["doctor", "--json", "--api-url", api.url, *words])
    found: dict[str, list[dict[str, Any]]] = {"ok": [], "wrong": [], "unknown": []}
    for finding in json.loads(capsys.readouterr().out):
        found[finding["state"]].append(finding)
    return code, found


def test_all_is_well(
    api: FakeApi, connect: Callable[..., None], capsys: pytest.CaptureFixture[str], flights: Path
) -> None:
    code, found = doctor(api, capsys, "--manifest", str(flights))

    assert (code, found["wrong"], found["unknown"]) == (0, [], [])
    assert [finding["check"] for finding in found["ok"]] == [
        "connection",
        "cluster",
        "clock",
        "namespace",
        "rights",
        "service account",
        "secret",
        "image",
        "quota",
        "admission",
        "triggerer",
    ]


def quota(**hard: str) -> dict[str, Any]:
    name = {"name": "compute"}
    return {
        "metadata": name,
        "status": {"hard": {k.replace("_", "."): v for k, v in hard.items()}, "used": {"pods": "3"}},
    }


BROKEN = [
    pytest.param(lambda api: api.namespaces.clear(), "namespace", "jobs does not exist", id="namespace"),
    pytest.param(
        lambda api: api.denied.add(("delete", "pods")),
        "rights",
        "this account must not delete pods in namespace jobs",
        id="right to delete",
    ),
    pytest.param(
        lambda api: api.denied.update({("get", "pods/log"), ("list", "events")}),
        "rights",
        "this account must not get pods/log, list events in namespace jobs",
        id="rights to follow",
    ),
    pytest.param(lambda api: api.accounts.clear(), "service account", "flights does not exist", id="service account"),
    pytest.param(lambda api: api.secrets.remove("lake"), "secret", "lake does not exist", id="secret"),
    pytest.param(
        lambda api: api.quotas.append(quota(pods="3")),
        "quota",
        "compute has pods for 3, of which 3 are taken; clean-departures needs 1",
        id="quota of pods",
    ),
    pytest.param(
        lambda api: api.quotas.append(quota(requests_memory="1Gi")),
        "quota",
        "compute has requests.memory for 1Gi, of which 0 are taken; clean-departures needs 2Gi",
        id="quota of memory",
    ),
    pytest.param(
        lambda api: setattr(api, "refuses_pods", 'pods "x" is forbidden: violates PodSecurity "restricted:latest"'),
        "admission",
        'the pod of clean-departures is refused: pods "x" is forbidden: violates PodSecurity "restricted:latest"',
        id="admission",
    ),
    pytest.param(lambda api: setattr(api, "skew", -300), "clock", "this machine and the API server are", id="clock"),
    pytest.param(
        lambda api: setattr(api, "triggerer", "unhealthy"),
        "triggerer",
        "its last sign of life was at 2026-11-28T00:00:00Z",
        id="triggerer",
    ),
    pytest.param(
        lambda api: setattr(api, "unauthorized", True),
        "rights",
        "the API server does not know who asks",
        id="credentials",
    ),
]


@pytest.mark.parametrize(("break_it", "check", "says"), BROKEN)
def test_what_is_broken_is_named_and_nothing_else(
    api: FakeApi,
    connect: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    flights: Path,
    break_it: Callable[[FakeApi], Any],
    check: str,
    says: str,
) -> None:
    break_it(api)

    code, found = doctor(api, capsys, "--manifest", str(flights))

    assert code == 1
    assert {finding["check"] for finding in found["wrong"]} == {check}
    assert found["wrong"][0]["says"].startswith(says)
    assert found["wrong"][0]["fix"].endswith((".", "…"))


MISTAKES = [
    pytest.param(
        {"env": {"DB_PASSWORD": "gravel"}}, "connection", "'DB_PASSWORD' is what a secret is called", id="secret"
    ),
    pytest.param({"image": "r.example/flights"}, "image", "r.example/flights has no tag and no digest", id="no tag"),
    pytest.param({"image_pull_policy": "Sometimes"}, "image", "the pull policy is Sometimes", id="pull policy"),
    pytest.param({"strict": True, "image": "r.example/flights:1"}, "pods", "the connection is strict", id="strict"),
    pytest.param({"profile": "/none.yaml"}, "profile", "Cannot read profile /none.yaml", id="no profile"),
    pytest.param(
        {"env": {"SLUICE_LAKE_WAREHOUSE": "file:///lake"}},
        "warehouse",
        "is on the job's own disk",
        id="warehouse on disk",
    ),
    pytest.param({"receipt_root": "/receipts"}, "receipts", "is on the job's own disk", id="receipts on disk"),
]


@pytest.mark.parametrize(("extra", "check", "says"), MISTAKES)
def test_a_mistake_in_the_connection_is_named_and_nothing_else(
    api: FakeApi,
    connect: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    flights: Path,
    extra: dict[str, Any],
    check: str,
    says: str,
) -> None:
    connect(**extra)

    code, found = doctor(api, capsys, "--manifest", str(flights))

    assert code == 1
    assert {finding["check"] for finding in found["wrong"]} == {check}
    assert says in found["wrong"][0]["says"]
    assert "gravel" not in json.dumps(found)


def test_a_pull_secret_of_the_profile_that_is_missing_is_named(
    api: FakeApi, connect: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text("default: {image_pull_secrets: [mirror]}")
    connect(profile=str(profile))

    code, found = doctor(api, capsys)

    assert code == 1
    assert [(finding["check"], finding["says"]) for finding in found["wrong"]] == [
        ("pull secret", "mirror does not exist")
    ]


def test_the_lake_may_stand_in_the_profile(
    api: FakeApi, connect: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text("default: {env: {SLUICE_LAKE_WAREHOUSE: 'file:///lake'}}")
    connect(profile=str(profile))

    code, found = doctor(api, capsys)

    assert code == 1
    assert [finding["check"] for finding in found["wrong"]] == ["warehouse"]


def test_a_server_that_does_not_answer_is_named_and_ends_the_questions(
    api: FakeApi,
    connect: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    kubeconfig = json.loads((tmp_path / "kubeconfig").read_text())
    kubeconfig["clusters"][0]["cluster"]["server"] = "http://127.0.0.1:9"
    (tmp_path / "gone").write_text(json.dumps(kubeconfig))
    monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(tmp_path / "gone"))

    code, found = doctor(api, capsys)

    assert code == 1
    assert [finding["check"] for finding in found["wrong"]] == ["cluster"]
    assert "does not answer" in found["wrong"][0]["says"]
    assert api.asked == [("GET", "/api/v2/monitor/health")]


def test_who_may_not_look_is_told_so_and_nothing_is_called_wrong(
    api: FakeApi, connect: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    api.denied = {(verb, what) for verb in ("get", "list") for what in ("secrets", "serviceaccounts", "resourcequotas")}

    code, found = doctor(api, capsys)

    assert (code, found["wrong"]) == (0, [])
    assert [finding["check"] for finding in found["unknown"]] == ["service account", "secret", "quota"]


def test_it_asks_for_no_values_of_secrets_and_creates_nothing(
    api: FakeApi, connect: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    doctor(api, capsys)

    assert {path for method, path in api.asked if method == "POST"} == {
        "/api/v1/namespaces/jobs/pods",  # the fake takes dry runs alone
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    }


def test_for_people_every_line_has_its_cure(
    api: FakeApi, connect: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    api.accounts.clear()

    assert main(["doctor", "--api-url", api.url]) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ok     connection       sluice_default, launcher kubernetes"
    cure = lines.index("WRONG  service account  flights does not exist") + 1
    assert lines[cure].strip() == "→ Create it, or correct service_account in the connection or the profile."


PROCESS: list[Any] = [
    pytest.param("17.0.2", ["flights.jar"], [], id="well"),
    pytest.param("11.0.2", ["flights.jar"], ["java"], id="old java"),
    pytest.param("1.8.0_292", ["flights.jar"], ["java"], id="very old java"),
    pytest.param(None, ["flights.jar"], ["java"], id="no java"),
    pytest.param("21", ["other.jar"], ["jars"], id="no jar"),
]


@pytest.mark.parametrize(("version", "jars", "wrong"), PROCESS)
def test_a_machine_for_processes(
    connect: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    flights: Path,
    version: str | None,
    jars: list[str],
    wrong: list[str],
) -> None:
    java = tmp_path / "java"
    if version:
        java.write_text(f"#!{sys.executable}\nimport sys\nsys.stderr.write('openjdk version \"{version}\"\\n')\n")
        java.chmod(0o755)
    for jar in jars:
        (tmp_path / jar).touch()
    connect(launcher="process", java=str(java), home=str(tmp_path))
    api = FakeApi()

    with serving(api, tmp_path):
        code, found = doctor(api, capsys, "--manifest", str(flights))

    assert code == (1 if wrong else 0)
    assert [finding["check"] for finding in found["wrong"]] == wrong


_STATUS = {"image": "i", "imageID": "", "ready": False, "restartCount": 0}
ENDED = {
    "phase": "Succeeded",
    "containerStatuses": [{"name": "base", "state": {"terminated": {"exitCode": 0}}, **_STATUS}],
}
UNKNOWN_IMAGE = {
    "phase": "Pending",
    "containerStatuses": [
        {
            "name": "base",
            "state": {"waiting": {"reason": "ErrImagePull", "message": "r.example/flights: not found"}},
            **_STATUS,
        }
    ],
}
BROKEN_IMAGE = {
    "phase": "Failed",
    "containerStatuses": [
        {
            "name": "base",
            "state": {"terminated": {"exitCode": 128, "reason": "StartError", "message": "no java"}},
            **_STATUS,
        }
    ],
}


def test_a_pod_of_each_image_is_started_where_that_is_wanted(
    api: FakeApi, connect: Callable[..., None], capsys: pytest.CaptureFixture[str], flights: Path
) -> None:
    api.becomes = ENDED

    code, found = doctor(api, capsys, "--manifest", str(flights), "--start")

    started = [finding["says"] for finding in found["ok"] if finding["check"] == "start"]
    assert (code, len(started)) == (0, 1), "all jobs have one image"
    assert "and ends, after" in started[0]
    assert api.pods == {}, "nothing is left behind"


@pytest.mark.parametrize(
    ("status", "says"),
    [
        pytest.param(UNKNOWN_IMAGE, "cannot be pulled (ErrImagePull): r.example/flights: not found", id="pull"),
        pytest.param(BROKEN_IMAGE, "cannot run (StartError): no java", id="start"),
    ],
)
def test_an_image_that_does_not_start_is_named(
    api: FakeApi,
    connect: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    flights: Path,
    status: dict[str, Any],
    says: str,
) -> None:
    api.becomes = status

    code, found = doctor(api, capsys, "--manifest", str(flights), "--start")

    assert code == 1
    assert [finding["check"] for finding in found["wrong"]] == ["start"]
    assert says in found["wrong"][0]["says"]
    assert api.pods == {}, "nothing is left behind"


def test_a_pod_that_no_node_takes_is_waited_for_and_named(
    api: FakeApi,
    connect: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    flights: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trial, "PATIENCE_SECONDS", 0)
    full = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes are available"}
    api.becomes = {"phase": "Pending", "conditions": [full]}

    code, found = doctor(api, capsys, "--manifest", str(flights), "--start")

    assert code == 1
    assert [finding["check"] for finding in found["wrong"]] == ["start"]
    assert "did not end within 0 s (Unschedulable: 0/1 nodes are available)" in found["wrong"][0]["says"]
    assert api.pods == {}, "nothing is left behind"
