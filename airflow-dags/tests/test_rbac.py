"""The rights that containers/ grants: no more than is asked for, and all that is."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from airflow.providers.cncf.kubernetes.triggers.pod import KubernetesPodTrigger

from contexts import context
from pods import clock, fails, mode, operator, pod_connection, run, says
from sluice_airflow.exceptions import SluiceError
from sluice_airflow.launchers.job_pod import JobPod
from sluice_airflow.launchers.scale import DRIVER_ACCOUNT
from sluice_airflow.rights import LAUNCHER_RIGHTS
from sluice_airflow.testing import cluster as fake
from sluice_airflow.triggers import client as trigger_client

__all__ = ["clock", "mode", "pod_connection"]  # fixtures

CONTAINERS = Path(__file__).parents[2] / "containers"

needs_containers = pytest.mark.skipif(not CONTAINERS.is_dir(), reason="containers/ is not beside this package")


def documents(name: str, kind: str) -> list[dict[str, Any]]:
    found = yaml.safe_load_all((CONTAINERS / name).read_text(encoding="utf-8"))
    return [document for document in found if document["kind"] == kind]


@needs_containers
def test_a_driver_may_make_pods_and_read_no_secret_and_executors_may_nothing() -> None:
    (role,) = documents("executors.yaml", "Role")
    (account,) = documents("executors.yaml", "ServiceAccount")
    (binding,) = documents("executors.yaml", "RoleBinding")

    granted = {resource: set(rule["verbs"]) for rule in role["rules"] for resource in rule["resources"]}
    assert granted.keys() == {"pods", "events", "configmaps", "persistentvolumeclaims"}
    assert granted["events"] == {"list"}
    assert account["metadata"]["name"] == DRIVER_ACCOUNT
    assert [subject["name"] for subject in binding["subjects"]] == [DRIVER_ACCOUNT]


@needs_containers
def test_the_launchers_role_grants_what_is_asked_for_and_nothing_else() -> None:
    (role,) = documents("rbac.yaml", "Role")
    granted = {(verb, resource) for rule in role["rules"] for resource in rule["resources"] for verb in rule["verbs"]}

    assert granted == set(LAUNCHER_RIGHTS)
    assert all(rule["apiGroups"] == [""] for rule in role["rules"])
    assert not [resource for _, resource in granted if resource in ("secrets", "pods/exec", "pods/attach", "*")]


@needs_containers
def test_nobody_has_rights_in_the_whole_cluster_and_jobs_have_none_at_all() -> None:
    (binding,) = documents("rbac.yaml", "RoleBinding")
    accounts = {account["metadata"]["name"]: account for account in documents("rbac.yaml", "ServiceAccount")}

    assert documents("rbac.yaml", "ClusterRole") == documents("rbac.yaml", "ClusterRoleBinding") == []
    assert [subject["name"] for subject in binding["subjects"]] == ["sluice-launcher"]
    assert accounts["sluice-job"]["automountServiceAccountToken"] is False


@needs_containers
def test_jobs_live_in_a_restricted_namespace() -> None:
    (namespace,) = documents("rbac.yaml", "Namespace")

    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@needs_containers
def test_jobs_are_asked_by_nobody_and_ask_only_names_and_tls() -> None:
    (policy,) = documents("network-policy.yaml", "NetworkPolicy")
    spec = policy["spec"]
    ports = {(port["protocol"], port["port"]) for rule in spec["egress"] for port in rule["ports"]}

    assert sorted(spec["policyTypes"]) == ["Egress", "Ingress"]
    assert spec["ingress"] == []
    assert ports == {("UDP", 53), ("TCP", 53), ("TCP", 443)}
    assert all(rule["to"] for rule in spec["egress"])
    (block,) = [to["ipBlock"] for rule in spec["egress"] for to in rule["to"] if "ipBlock" in to]
    assert "169.254.169.254/32" in block["except"], "the node's own credentials"


@needs_containers
def test_who_looks_on_is_let_in_from_one_namespace_alone() -> None:
    (policy,) = documents("observability.yaml", "NetworkPolicy")
    (jobs,) = documents("network-policy.yaml", "NetworkPolicy")
    spec = policy["spec"]
    (into,), (out,) = spec["ingress"], spec["egress"]

    assert spec["podSelector"] == jobs["spec"]["podSelector"]
    assert into["from"] == out["to"]
    assert [list(peer) for peer in into["from"]] == [["namespaceSelector"]]
    assert all(peer["namespaceSelector"]["matchLabels"] for peer in into["from"]), "an empty one is every namespace"
    assert {port["port"] for port in into["ports"]} == {9404, 4040}
    assert {(port["protocol"], port["port"]) for port in out["ports"]} == {("TCP", 4318), ("UDP", 8125)}


@needs_containers
def test_the_policy_is_for_the_pods_that_are_launched(flights: Path, recording: Callable[..., Recording]) -> None:
    made = recording(fake.ended(0, says()))
    run(operator(flights), context())
    (policy,) = documents("network-policy.yaml", "NetworkPolicy")

    labels = made.created[0].metadata.labels

    assert policy["spec"]["podSelector"]["matchLabels"].items() <= labels.items()


class Recording(fake.Cluster):
    """A cluster that writes down what it is asked for, as verb and resource."""

    asked: set[tuple[str, str]]

    def __getattribute__(self, name: str) -> Any:
        call = re.fullmatch(r"(create|read|list|delete|patch|replace|connect)_namespaced_(\w+)", name)
        if call:
            verb, resource = call.groups()
            if (verb, resource) == ("read", "pod_log"):
                self.asked.add(("get", "pods/log"))
            else:
                self.asked.add(("get" if verb == "read" else verb, f"{resource}s"))
        return super().__getattribute__(name)


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Recording]:
    def make(*stages: fake.Stage) -> Recording:
        made = Recording(*stages)
        made.asked = set()
        monkeypatch.setattr(JobPod, "hook", made)
        monkeypatch.setattr(KubernetesPodTrigger, "hook", made.triggerer_hook())
        monkeypatch.setattr(trigger_client, "CoreV1Api", fake.TriggererApi)
        return made

    return make


LIVES = [
    pytest.param([fake.pending, fake.running, fake.ended(0, says())], id="good"),
    pytest.param([fake.running, fake.ended(70, fails(70, "BUG", "Cannot do it: bug. Correct it."))], id="bug"),
    pytest.param([fake.pending, fake.running, fake.gone], id="gone"),
]


@pytest.mark.parametrize("action", ["delete_pod", "keep_pod"])
@pytest.mark.parametrize("stages", LIVES)
def test_whatever_happens_nothing_else_is_asked_for(
    mode: str, flights: Path, recording: Callable[..., Recording], stages: list[fake.Stage], action: str
) -> None:
    made = recording(*stages)

    with suppress(SluiceError):
        run(operator(flights, mode, on_finish_action=action), context())

    assert {("create", "pods"), ("get", "pods")} <= made.asked
    assert made.asked <= set(LAUNCHER_RIGHTS)
