"""Who wins: one chain of layers, and who set which field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers import Declared
from sluice_airflow.launchers.layers import Layer, LayeredPod, lay
from sluice_airflow.launchers.pod import layered_pod
from sluice_airflow.profile import Entry, JobProfile
from test_pod import REQUEST, SETTINGS

DIGEST = "@sha256:" + 64 * "0"


def container(**says: Any) -> dict[str, Any]:
    return {"spec": {"containers": [{"name": "base", **says}]}}


def laid(*pods: Any) -> LayeredPod:
    return lay([Layer(name, pod) for name, pod in zip("abc", pods, strict=False)])


def test_the_later_layer_wins_and_is_remembered() -> None:
    made = laid(container(image="i", args=["x"]), container(image="j"))

    assert made.pod == container(image="j", args=["x"])
    assert made.origins == {
        "spec.containers[base].name": "a",
        "spec.containers[base].image": "b",
        "spec.containers[base].args": "a",
    }


def test_who_says_the_same_again_has_set_nothing() -> None:
    assert laid(container(image="i"), container(image="i")).origins["spec.containers[base].image"] == "a"


def test_lists_are_merged_by_name_in_their_order() -> None:
    made = laid(
        container(env=[{"name": "A", "value": "1"}, {"name": "B", "value": "1"}]),
        container(env=[{"name": "C", "value": "2"}, {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "p"}}}]),
    )

    assert made.pod["spec"]["containers"][0]["env"] == [
        {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "p"}}},
        {"name": "B", "value": "1"},
        {"name": "C", "value": "2"},
    ]
    assert made.origins["spec.containers[base].env[A].valueFrom.fieldRef.fieldPath"] == "b"
    assert made.origins["spec.containers[base].env[B].value"] == "a"


@pytest.mark.parametrize(
    ("field", "first", "second", "both"),
    [
        pytest.param(
            "tolerations", [{"key": "a"}], [{"key": "a"}, {"key": "b"}], [{"key": "a"}, {"key": "b"}], id="equal"
        ),
        pytest.param(
            "volumes",
            [{"name": "work", "emptyDir": {}}],
            [{"name": "work", "persistentVolumeClaim": {"claimName": "w"}}],
            [{"name": "work", "persistentVolumeClaim": {"claimName": "w"}}],
            id="a volume is of one kind",
        ),
        pytest.param("hostAliases", [{"ip": "1"}], [{"ip": "2"}], [{"ip": "2"}], id="no name"),
    ],
)
def test_other_lists(field: str, first: list[Any], second: list[Any], both: list[Any]) -> None:
    assert laid({"spec": {field: first}}, {"spec": {field: second}}).pod == {"spec": {field: both}}


def test_a_container_of_another_name_is_one_more_and_one_without_a_name_is_the_first() -> None:
    made = laid(container(image="i"), {"spec": {"containers": [{"image": "j"}, {"name": "proxy"}]}})

    assert made.pod["spec"]["containers"] == [{"name": "base", "image": "j"}, {"name": "proxy"}]


def test_nothing_that_was_given_is_changed() -> None:
    first = container(env=[{"name": "A", "value": "1"}])

    laid(first, container(env=[{"name": "A", "value": "2"}]))

    assert first == container(env=[{"name": "A", "value": "1"}])


def profile(**says: Any) -> JobProfile:
    return JobProfile((Entry("profile flights", says),))


def test_every_layer_of_a_pod_has_its_say(golden: Callable[[str, Any], None]) -> None:
    says = {
        "namespace": "production",
        "env": {"SLUICE_LAKE_REGION": "eu-central-1", "DB": {"secretKeyRef": {"name": "db", "key": "url"}}},
        "env_from_secrets": ["lake-keys", "more"],
        "image_pull_secrets": ["registry"],
        "resources": {"cpu": "2"},
        "node_selector": {"pool": "spark"},
        "tolerations": [{"key": "spark", "operator": "Exists"}],
        "labels": {"team": "flights"},
        "annotations": {"example.com/owner": "flights"},
        "timeouts": {"deadline": 7200},
        "pod": {"spec": {"priorityClassName": "batch", "containers": [{"name": "base", "workingDir": "/work"}]}},
    }
    request = replace(
        REQUEST,
        image="registry.example/mine@sha256:01",
        resources={"memory": "3Gi", "cpu": "2"},
        declared=Declared(REQUEST.image, {"memory": "3Gi", "cpu": "1"}),
    )
    override = {"spec": {"nodeSelector": {"pool": "large"}}}

    made = layered_pod(request, SETTINGS, profile=profile(**says), override=override)

    golden("pod-layers.json", {path: made.origins[path] for path in sorted(made.origins)})
    assert made.pod["spec"]["nodeSelector"] == {"pool": "large"}
    assert made.pod["metadata"]["namespace"] == "production"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            {"override": container(env=[{"name": "DB_PASSWORD", "value": "gravel"}])},
            "'DB_PASSWORD' is what a secret is called, and it stands in the pod by the pod_override.",
            id="override",
        ),
        pytest.param(
            {"profile": profile(pod=container(env=[{"name": "X", "value": "AKIA" + 16 * "Q"}]))},
            "the value of 'X' looks like an AWS access key, and it stands in the pod by the profile flights.",
            id="pod of the profile",
        ),
    ],
)
def test_a_secret_that_was_written_out_makes_no_pod(change: Any, message: str) -> None:
    with pytest.raises(SluiceConfigError) as error:
        layered_pod(REQUEST, SETTINGS, **change)

    assert str(error.value) == (
        f"Cannot launch job 'clean-departures': {message} "
        "Keep it in a Kubernetes secret, and name that in env_from_secrets or by a secretKeyRef."
    )


def test_a_reference_to_a_secret_is_the_way() -> None:
    reference = {"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}

    made = layered_pod(REQUEST, SETTINGS, override=container(env=[reference]))

    assert reference in made.pod["spec"]["containers"][0]["env"]


def test_a_strict_connection_takes_images_by_digest_alone() -> None:
    strict = replace(SETTINGS, strict=True)

    assert layered_pod(replace(REQUEST, image="r.example/flights" + DIGEST), strict).pod
    with pytest.raises(SluiceConfigError) as error:
        layered_pod(replace(REQUEST, image="r.example/flights:1"), strict)
    assert str(error.value) == (
        "Cannot launch job 'clean-departures': the connection is strict, and image r.example/flights:1 is named by a "
        "tag, which may mean another image tomorrow. Name it by its digest: NAME@sha256:…"
    )


def test_an_override_cannot_smuggle_a_tag_past_a_strict_connection() -> None:
    with pytest.raises(SluiceConfigError, match="named by a tag"):
        layered_pod(
            replace(REQUEST, image="r.example/flights" + DIGEST),
            replace(SETTINGS, strict=True),
            override=container(image="r.example/flights:2"),
        )
