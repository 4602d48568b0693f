"""What the connection form's test button says, one thing wrong at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import kubernetes.client
import pytest
import yaml
from airflow.providers.cncf.kubernetes.hooks import kubernetes as hooks
from kubernetes import client as k8s
from kubernetes.config import ConfigException
from urllib3.exceptions import MaxRetryError

from sluice_airflow.hooks.checks import RIGHTS
from sluice_airflow.hooks.sluice import SluiceHook
from sluice_airflow.testing.cluster import Cluster, refusal

RBAC = Path(__file__).parents[2] / "containers/rbac.yaml"


class Admission(Cluster):
    """A cluster that is asked before anything is launched; nothing is wrong with it unless a test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.denied: set[str] = set()
        self.wrong: dict[str, Exception] = {}
        self.admitted: list[Any] = []

    def create_self_subject_access_review(self, body: Any, **_: Any) -> Any:
        self._answer("review")
        what = body["spec"]["resourceAttributes"]
        words = f"{what['verb']} {'/'.join(filter(None, (what['resource'], what.get('subresource'))))}"
        return SimpleNamespace(status=SimpleNamespace(allowed=words not in self.denied))

    def read_namespace(self, name: str, **_: Any) -> None:
        self._answer("namespace")

    def read_namespaced_secret(self, name: str, namespace: str, **_: Any) -> None:
        self._answer(f"secret {name}")

    def create_namespaced_pod(self, namespace: str, body: Any, dry_run: str | None = None, **_: Any) -> Any:
        assert dry_run == "All", "a test of the connection must leave no pod behind"
        self._answer("pod")
        self.admitted.append(body)

    def _answer(self, what: str) -> None:
        if what in self.wrong:
            raise self.wrong[what]


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Admission:
    cluster = Admission()
    monkeypatch.setattr(hooks, "KubernetesHook", lambda conn_id: cluster)
    monkeypatch.setattr(kubernetes.client, "AuthorizationV1Api", lambda _: cluster)
    return cluster


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[bool, str]]:
    """Press the button of a connection with some extras."""

    def asked(**extra: Any) -> tuple[bool, str]:
        monkeypatch.setenv("AIRFLOW_CONN_LAB", json.dumps({"conn_type": "sluice", "extra": extra}))
        return SluiceHook("lab").test_connection()

    return asked


def test_a_cluster_that_admits_the_pod_is_good(cluster: Admission, ask: Callable[..., Any]) -> None:
    good = ask(namespace="jobs", service_account="flights", env_from_secrets=["lake"])

    assert good == (True, "The cluster admits a job's pod to namespace jobs; found secrets: lake.")
    (pod,) = cluster.admitted
    # The very pod that a launch would ask for, so that the cluster's rules judge the right thing.
    assert pod["spec"]["serviceAccountName"] == "flights"
    assert pod["spec"]["securityContext"]["runAsNonRoot"] is True


def test_every_right_that_is_missing_is_named(cluster: Admission, ask: Callable[..., Any]) -> None:
    cluster.denied = {"create pods", "get pods/log"}

    assert ask(namespace="jobs") == (
        False,
        "Cannot launch in namespace 'jobs': this account may not create pods, get pods/log. "
        "Give it the role of containers/rbac.yaml, or correct 'namespace'.",
    )


@pytest.mark.skipif(not RBAC.is_file(), reason="the cluster's files are not beside this package")
def test_the_rights_asked_for_are_those_that_the_role_gives() -> None:
    (role,) = [part for part in yaml.safe_load_all(RBAC.read_text()) if part["kind"] == "Role"]
    given = {(verb, resource) for rule in role["rules"] for verb in rule["verbs"] for resource in rule["resources"]}

    assert {(verb, "/".join(filter(None, names))) for verb, *names in RIGHTS} <= given


def unreachable() -> Exception:
    return MaxRetryError(
        None,  # type: ignore[arg-type]
        "/apis",
        OSError("<urllib3.connection.HTTPSConnection object at 0x7f>: Failed to establish a new connection: refused"),
    )


@pytest.mark.parametrize(
    ("what", "error", "message"),
    [
        pytest.param(
            "review",
            unreachable(),
            "Cannot reach the cluster: Failed to establish a new connection: refused. "
            "Check its address in the Kubernetes connection, and the network.",
            id="unreachable",
        ),
        pytest.param(
            "review",
            refusal(401, "Unauthorized"),
            "Cannot log in to the cluster: it does not know this account (HTTP 401). "
            "Renew the token or certificate of the Kubernetes connection.",
            id="unknown account",
        ),
        pytest.param(
            "pod",
            refusal(401, "Unauthorized"),
            "Cannot log in to the cluster: it does not know this account (HTTP 401). "
            "Renew the token or certificate of the Kubernetes connection.",
            id="token that ends meanwhile",
        ),
        pytest.param(
            "review",
            refusal(500, "etcd is down"),
            "Cannot ask the cluster: etcd is down (HTTP 500). See that it is healthy.",
            id="broken cluster",
        ),
        pytest.param(
            "namespace",
            refusal(404, 'namespaces "jobs" not found'),
            "Cannot find namespace 'jobs': the cluster has none. Create it, or correct 'namespace'.",
            id="no namespace",
        ),
        pytest.param(
            "pod",
            refusal(404, 'namespaces "jobs" not found'),
            "Cannot create a pod in namespace 'jobs': namespaces \"jobs\" not found (HTTP 404). "
            "Correct the connection, or the cluster's rules.",
            id="no namespace, and no right to look",
        ),
        pytest.param(
            "pod",
            refusal(403, 'pods "x" is forbidden: error looking up service account jobs/flights: "flights" not found'),
            "Cannot find service account 'flights': namespace 'jobs' has none. "
            "Create it, or correct 'service_account'.",
            id="no service account",
        ),
        pytest.param(
            "pod",
            refusal(403, "exceeded quota: jobs, requested: memory=2Gi."),
            "Cannot create a pod in namespace 'jobs': exceeded quota: jobs, requested: memory=2Gi (HTTP 403). "
            "Correct the connection, or the cluster's rules.",
            id="quota",
        ),
        pytest.param(
            "secret lake",
            refusal(404, 'secrets "lake" not found'),
            "Cannot find secret 'lake': namespace 'jobs' has none. Create it, or correct 'env_from_secrets'.",
            id="no secret",
        ),
    ],
)
def test_what_is_wrong_with_the_cluster_is_named(
    cluster: Admission, ask: Callable[..., Any], what: str, error: Exception, message: str
) -> None:
    cluster.wrong[what] = error

    assert ask(namespace="jobs", service_account="flights", env_from_secrets=["lake"]) == (False, message)


def test_what_the_account_may_not_see_is_said_and_no_error(cluster: Admission, ask: Callable[..., Any]) -> None:
    cluster.wrong = {
        "namespace": refusal(403, "no"),
        "secret lake": refusal(403, "no"),
        "pod": refusal(400, "webhook does not support dry run"),
    }

    assert ask(namespace="jobs", env_from_secrets=["lake"]) == (
        True,
        "The cluster admits a job's pod to namespace jobs; not checked, since this account may not read secrets: lake.",
    )


def test_a_cluster_that_nothing_names_is_a_wrong_connection(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[..., Any]
) -> None:
    def nowhere(conn_id: str | None) -> Any:
        raise ConfigException("Invalid kube-config file. No configuration found.")

    monkeypatch.setattr(hooks, "KubernetesHook", nowhere)

    assert ask(namespace="jobs") == (
        False,
        "Cannot use the Kubernetes connection: Invalid kube-config file. No configuration found. "
        "Correct 'kubernetes_conn_id', or that connection, or KUBECONFIG.",
    )


def test_the_namespace_may_be_that_of_the_kubernetes_connection(cluster: Admission, ask: Callable[..., Any]) -> None:
    assert ask() == (True, "The cluster admits a job's pod to namespace default.")


def test_the_fakes_calls_are_the_clients() -> None:
    for api, name in (
        (k8s.AuthorizationV1Api, "create_self_subject_access_review"),
        (k8s.CoreV1Api, "read_namespace"),
        (k8s.CoreV1Api, "read_namespaced_secret"),
        (k8s.CoreV1Api, "create_namespaced_pod"),
    ):
        assert callable(getattr(api, name))


JDK = "#!/bin/sh\necho 'openjdk version \"{}\"' >&2\n"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        pytest.param(None, "Cannot start '{java}': No such file or directory.", id="no java"),
        pytest.param(JDK.format("1.8.0_392"), "Cannot use '{java}': it is Java 8.", id="Java 8"),
        pytest.param(JDK.format("11.0.2"), "Cannot use '{java}': it is Java 11.", id="Java 11"),
        pytest.param("#!/bin/sh\necho broken >&2; exit 1\n", "Cannot use '{java}': it ends with 1: broken.", id="bad"),
    ],
)
def test_a_java_that_does_not_do_is_named(
    tmp_path: Path, ask: Callable[..., Any], script: str | None, message: str
) -> None:
    java = tmp_path / "java"
    if script is not None:
        java.write_text(script)
        java.chmod(0o755)

    good, said = ask(launcher="process", java=str(java), home=str(tmp_path))

    advice = "Install a JDK 17 or newer on this machine, or correct 'java'."
    assert (good, said) == (False, f"{message.replace('{java}', str(java))} {advice}")


def test_a_home_that_is_no_folder_is_named(tmp_path: Path, ask: Callable[..., Any]) -> None:
    java = tmp_path / "java"
    java.write_text(JDK.format("17.0.2"))
    java.chmod(0o755)

    assert ask(launcher="process", java=str(java), home="/nowhere") == (
        False,
        "Cannot find folder /nowhere: this machine has none. Create it, or correct 'home'.",
    )
