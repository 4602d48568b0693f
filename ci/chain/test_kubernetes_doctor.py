"""The doctor on a real cluster that has one thing broken at a time: it names that thing and nothing else."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chain import Chain
from waiting import awaited

pytestmark = pytest.mark.kubernetes
ABSENT = "localhost:5000/sluice/absent@sha256:" + "0" * 64


@dataclass(frozen=True)
class Doctor:
    """The command, asked by the cluster's owner, who may look at everything."""

    chain: Chain
    manifest: Path

    def look(
        self, *words: str, kubeconfig: str | None = None, env: dict[str, str] | None = None, **extra: Any
    ) -> Findings:
        """Run it; ``extra`` is laid over the connection's."""
        airflow = self.chain.airflow
        connection = json.loads(airflow.env["AIRFLOW_CONN_SLUICE_DEFAULT"])
        variables = {**connection["extra"]["env"], **(env or {})}
        connection["extra"] = {**connection["extra"], "env": variables, **extra}
        done = subprocess.run(
            [Path(sys.executable).with_name("sluice-airflow"), "doctor", "--json", "--manifest", self.manifest, *words],
            env={
                **airflow.env,
                **self.chain.services.credentials,
                "AIRFLOW_CONN_SLUICE_DEFAULT": json.dumps(connection),
                "KUBECONFIG": kubeconfig or self.chain.cluster.env["KUBECONFIG"],
            },
            capture_output=True,
            text=True,
        )
        assert done.returncode in (0, 1), done.stderr
        found = Findings(json.loads(done.stdout))
        assert (done.returncode == 1) is bool(found.of("wrong"))
        return found

    def as_launcher(self) -> Findings:
        """Run it with the rights that Airflow has."""
        return self.look(kubeconfig=self.chain.airflow.env["KUBECONFIG"])


@dataclass(frozen=True)
class Findings:
    """What it has found."""

    all: list[dict[str, Any]]

    def of(self, state: str) -> dict[str, str]:
        """Return by its check what is in a state."""
        return {finding["check"]: finding["says"] for finding in self.all if finding["state"] == state}


@pytest.fixture(scope="module")
def doctor(chain: Chain, manifest: Path) -> Doctor:
    return Doctor(chain, manifest)


def test_all_is_well_and_the_image_starts(doctor: Doctor) -> None:
    found = doctor.look("--start")
    assert (found.of("wrong"), found.of("unknown")) == ({}, {})
    assert {"cluster", "clock", "rights", "secret", "quota", "admission", "warehouse", "glue", "triggerer"} <= set(
        found.of("ok")
    )
    assert "and ends, after" in found.of("ok")["start"]
    doctor.chain.cluster.await_no_pods()


def test_what_airflow_may_not_look_at_is_no_fault(doctor: Doctor) -> None:
    found = doctor.as_launcher()
    assert found.of("wrong") == {}
    assert set(found.of("unknown")) == {"namespace", "service account", "secret", "quota"}


def test_a_right_that_is_missing(doctor: Doctor) -> None:
    with _without(doctor.chain, "role", "sluice-launcher"):
        rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["create", "get", "list", "patch"]}]
        role = {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "Role",
            "metadata": {"name": "sluice-launcher"},
            "rules": rules,
        }
        with _with(doctor.chain, role):
            found = doctor.as_launcher()
    assert set(found.of("wrong")) == {"rights"}
    assert "must not delete pods, get pods/log, list events" in found.of("wrong")["rights"]


def test_a_secret_that_is_missing(doctor: Doctor) -> None:
    with _without(doctor.chain, "secret", "lake"):
        assert doctor.look().of("wrong") == {"secret": "lake does not exist"}


def test_an_account_that_is_missing(doctor: Doctor) -> None:
    assert doctor.look(service_account="nobody").of("wrong") == {"service account": "nobody does not exist"}


def test_a_namespace_that_is_missing(doctor: Doctor) -> None:
    assert doctor.look(namespace="nowhere").of("wrong") == {"namespace": "nowhere does not exist"}


def test_a_quota_that_is_exhausted(doctor: Doctor) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"}, "spec": {"hard": {"pods": "0"}}}
    with _with(doctor.chain, quota):
        found = awaited(lambda: doctor.look().of("wrong") or None, lambda: "nothing is wrong with the quota", 60)
    assert set(found) == {"quota"}
    assert "few has pods for 0, of which 0 are taken" in found["quota"]


def test_a_pod_that_the_namespace_does_not_admit(doctor: Doctor) -> None:
    most = {"type": "Container", "max": {"memory": "1Gi"}}
    limit = {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "small"}, "spec": {"limits": [most]}}
    with _with(doctor.chain, limit):
        found = doctor.look().of("wrong")
    assert set(found) == {"admission"}
    assert "maximum memory usage per Container is 1Gi" in found["admission"]


def test_an_image_that_no_node_can_pull(doctor: Doctor) -> None:
    found = doctor.look("--start", image=ABSENT).of("wrong")
    assert set(found) == {"start"}
    assert "cannot be pulled" in found["start"]
    doctor.chain.cluster.await_no_pods()


def test_a_bucket_that_is_missing(doctor: Doctor) -> None:
    found = doctor.look(env={"SLUICE_LAKE_WAREHOUSE": "s3://absent/warehouse"})
    assert found.of("wrong") == {"warehouse": "bucket absent does not exist"}


def test_a_server_that_does_not_answer(doctor: Doctor, work: Path) -> None:
    kubeconfig = Path(doctor.chain.airflow.env["KUBECONFIG"])
    view = json.loads(kubeconfig.read_text(encoding="utf-8"))
    view["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:9"
    file = work / "gone.kubeconfig"
    file.write_text(json.dumps(view), encoding="utf-8")
    found = doctor.look(kubeconfig=str(file)).of("wrong")
    assert set(found) == {"cluster"}
    assert "does not answer" in found["cluster"]


def test_a_triggerer_that_is_stuck(doctor: Doctor) -> None:
    triggerer = doctor.chain.airflow.processes["triggerer"].pid
    os.killpg(triggerer, signal.SIGSTOP)
    try:
        found = awaited(lambda: doctor.look().of("wrong") or None, lambda: "nothing is wrong with the triggerer", 120)
    finally:
        os.killpg(triggerer, signal.SIGCONT)
    assert set(found) == {"triggerer"}
    assert found["triggerer"].startswith("its last sign of life was at")


@contextmanager
def _with(chain: Chain, thing: dict[str, Any]) -> Iterator[None]:
    chain.cluster.kubectl("create", "-f", "-", given=json.dumps(thing))
    try:
        yield
    finally:
        chain.cluster.kubectl("delete", thing["kind"].lower(), thing["metadata"]["name"])


@contextmanager
def _without(chain: Chain, kind: str, name: str) -> Iterator[None]:
    thing = json.loads(chain.cluster.kubectl("get", kind, name, "-o", "json"))
    chain.cluster.kubectl("delete", kind, name)
    try:
        yield
    finally:
        kept = {key: thing["metadata"][key] for key in ("name", "labels") if key in thing["metadata"]}
        chain.cluster.kubectl("create", "-f", "-", given=json.dumps({**thing, "metadata": kept}))
