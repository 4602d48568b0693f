"""Jobs with executors: what their pods need more, and what cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contexts import context
from pods import MONTH
from sluice_airflow import MemoryEscalation, SluiceJobOperator
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers.pod import pod_spec
from sluice_airflow.launchers.scale import HEAP_SHARE, KEYS, LEAST_HEAP
from sluice_airflow.operators.request import job_request
from sluice_airflow.profile import Entry, JobProfile
from test_pod import REQUEST, SETTINGS

POM = Path(__file__).parents[2] / "pom.xml"

RESOURCES = {"memory": "3Gi", "cpu": "1"}
SCALED = replace(REQUEST, resources={**RESOURCES, "scale": "executors(2)"})


def variables(pod: dict[str, Any]) -> dict[str, Any]:
    return {v["name"]: v.get("value", v.get("valueFrom")) for v in pod["spec"]["containers"][0]["env"]}


def test_the_pod_of_a_job_with_executors(golden: Callable[[str, Any], None]) -> None:
    pod = pod_spec(SCALED, SETTINGS, deadline=3900)

    golden("pod-driver.json", pod)
    golden("pod-executor.json", json.loads(variables(pod)["SLUICE_EXECUTOR_POD"]))


@pytest.mark.parametrize("resources", [{}, {"scale": "local"}, {"scale": "local", "executor_memory": "4Gi"}])
def test_a_job_without_executors_has_no_rights_and_no_more_variables(resources: dict[str, str]) -> None:
    pod = pod_spec(replace(REQUEST, resources={**RESOURCES, **resources}), SETTINGS)

    assert pod == pod_spec(REQUEST, SETTINGS)


def test_no_container_asks_for_what_kubernetes_does_not_know() -> None:
    resources = pod_spec(SCALED, SETTINGS)["spec"]["containers"][0]["resources"]

    assert not set(KEYS) & {name for kind in resources.values() for name in kind}


def test_executors_may_be_of_another_size() -> None:
    said = variables(
        pod_spec(
            replace(SCALED, resources={**SCALED.resources, "executor_memory": "8Gi", "executor_cpu": "4"}), SETTINGS
        )
    )

    assert (said["SLUICE_EXECUTOR_MEMORY"], said["SLUICE_EXECUTOR_CPU"]) == ("8Gi", "4")


def test_an_executor_has_the_drivers_surroundings_and_not_its_token_or_work() -> None:
    profile = JobProfile((Entry("profile", {"node_selector": {"pool": "spot"}, "env_from_secrets": ["more"]}),))

    executor = json.loads(variables(pod_spec(SCALED, SETTINGS, profile=profile))["SLUICE_EXECUTOR_POD"])

    container = executor["spec"]["containers"][0]
    assert executor["spec"]["nodeSelector"] == {"pool": "spot"}
    assert executor["spec"]["automountServiceAccountToken"] is False
    assert [source["secretRef"]["name"] for source in container["envFrom"]] == ["lake-keys", "more"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert not {"args", "image", "resources"} & set(container)
    assert REQUEST.run_token not in json.dumps(executor)
    assert "app.kubernetes.io/managed-by" not in executor["metadata"]["labels"], "it is Spark's, not the provider's"


def test_executors_may_be_where_the_driver_is_not() -> None:
    everywhere = {
        "node_selector": {"lifecycle": "on-demand", "pool": "jobs"},
        "executors": {"tolerations": [{"key": "spot", "operator": "Exists"}], "termination_grace": 110},
    }
    of_the_job = {"executors": {"node_selector": {"lifecycle": "spot"}, "annotations": {"evict": "yes"}}}
    profile = JobProfile((Entry("profile", everywhere), Entry("profile flights/clean-departures", of_the_job)))

    driver = pod_spec(SCALED, SETTINGS, profile=profile)
    executor = json.loads(variables(driver)["SLUICE_EXECUTOR_POD"])

    assert driver["spec"]["nodeSelector"] == {"lifecycle": "on-demand", "pool": "jobs"}
    assert not {"tolerations", "terminationGracePeriodSeconds"} & set(driver["spec"])
    assert executor["spec"]["nodeSelector"] == {"lifecycle": "spot", "pool": "jobs"}
    assert executor["spec"]["tolerations"] == [{"key": "spot", "operator": "Exists"}]
    assert executor["spec"]["terminationGracePeriodSeconds"] == 110
    assert executor["metadata"]["annotations"]["evict"] == "yes"


def test_the_drivers_account_may_be_named() -> None:
    def account(pod: dict[str, Any]) -> str:
        return str(pod["spec"]["serviceAccountName"])

    settings = replace(SETTINGS, driver_service_account="makes-pods")
    profile = JobProfile((Entry("profile", {"driver_service_account": "makes-them-too"}),))

    assert account(pod_spec(SCALED, SETTINGS)) == "sluice-driver"
    assert account(pod_spec(SCALED, settings)) == "makes-pods"
    assert account(pod_spec(SCALED, settings, profile=profile)) == "makes-them-too"
    assert account(pod_spec(REQUEST, settings)) == "flights"


@pytest.mark.parametrize("scale", ["2", "executors", "executors(0)", "executors(3..2)", "executors(2", "Local"])
def test_what_is_no_scale_is_refused_at_parse(flights: Path, scale: str) -> None:
    with pytest.raises(SluiceConfigError) as error:
        SluiceJobOperator(job="clean-departures", manifest=flights, job_resources={"scale": scale})

    assert str(error.value) == (
        f"Cannot scale job 'clean-departures' to '{scale}': it is neither local nor a number of executors. "
        "Write it like executors(2) or executors(1..8)."
    )


def test_executors_that_cannot_start_are_refused_at_parse_with_the_sum(flights: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        SluiceJobOperator(
            job="clean-departures",
            manifest=flights,
            job_resources={"scale": "executors(2)", "executor_memory": "512Mi"},
        )

    assert str(error.value) == (
        "Cannot run job 'clean-departures' on executors of 512Mi: of its 512 MiB the heap gets 307, and Spark needs "
        "450. Ask for 750Mi or more."
    )


def test_an_override_has_the_last_word_of_the_drivers_account_too() -> None:
    override = {"spec": {"serviceAccountName": "own"}}

    assert pod_spec(SCALED, SETTINGS, override=override)["spec"]["serviceAccountName"] == "own"


@pytest.mark.parametrize("job", ["plan.clean-departures", "register.clean-departures", "verify.clean-departures"])
def test_what_works_on_no_rows_has_no_executors(flights: Path, job: str) -> None:
    task = SluiceJobOperator(job=job, manifest=flights, job_resources={"scale": "executors(2)", "memory": "3Gi"})

    resources = job_request(task, context(), SETTINGS, JobProfile(), "token").resources

    assert (resources["memory"], set(KEYS) & set(resources)) == ("3Gi", set())


def test_a_retry_after_a_death_gives_driver_and_executors_more(flights: Path) -> None:
    scaled: Any = {"scale": "executors(2)", "memory": "2Gi", "executor_memory": "4Gi"}
    task = SluiceJobOperator(
        job="clean-departures",
        manifest=flights,
        job_resources=scaled,
        memory_escalation=MemoryEscalation(),
        interval_start=MONTH["interval_start"],
        interval_end=MONTH["interval_end"],
    )

    resources = job_request(task, context(try_number=2), SETTINGS, JobProfile(), "token").resources

    assert (resources["memory"], resources["executor_memory"]) == ("3072Mi", "6144Mi")


@pytest.mark.skipif(not POM.is_file(), reason="the SDK is not beside this package")
def test_heap_and_its_least_are_those_of_image_and_sdk() -> None:
    size = next(POM.parent.glob("sdk/connect-kubernetes/**/ExecutorSize.java")).read_text(encoding="utf-8")

    assert f"-XX:MaxRAMPercentage={HEAP_SHARE * 100:.0f}," in POM.read_text(encoding="utf-8")
    assert f"HEAP_SHARE = {HEAP_SHARE};" in size
    assert f"LEAST_HEAP_MIB = {LEAST_HEAP};" in size
