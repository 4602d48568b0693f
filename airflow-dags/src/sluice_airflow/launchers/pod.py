"""The pod of a job as plain values, without a Kubernetes import, so that golden files can pin it.

It is made of layers, each over the one before: defaults, small job, manifest, connection, profile, operator, run,
scratch (of a job that says how much), scale (of a job with executors), pod_override.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from sluice_airflow.connection import RESERVED, ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.jvm import SMALL
from sluice_airflow.launchers import JobRequest, LaunchOptions
from sluice_airflow.launchers.layers import Layer, LayeredPod, lay, leaves
from sluice_airflow.launchers.scale import driver_layer, of_the_container, scale_of
from sluice_airflow.launchers.scratch import scratch_layer
from sluice_airflow.profile import JobProfile
from sluice_airflow.secret_literals import why_secret

CONTAINER = "base"  # KubernetesPodOperator's own name for the container whose end is the pod's end
USER = 65532
MAX_NAME = 63
DEFAULT_RESOURCES = {"memory": "2Gi", "cpu": "1"}

#: The cluster ends a pod by itself this long after the task's own timeout, should nobody be left to delete it.
#: Airflow wakes a deferred task as late as that, should the triggerer not do it.
MARGIN = timedelta(minutes=5)

TOKEN = "SLUICE_RUN_TOKEN"  # noqa: S105 - the name of a variable; the token proves, it does not protect


def pod_name(request: JobRequest) -> str:
    """Return the pod's name: readable, and the same for the same work, so that no work has two pods.

    What a job does with an interval is one piece of work, whoever asks for it; without one, every task instance is.
    """
    work: tuple[Any, ...] = (request.dag_id, request.task_id, request.run_id, request.map_index)
    if request.interval:
        work = (request.project, request.job, *(_utc(time) for time in request.interval.split("/")))
    digest = hashlib.sha256(json.dumps(work).encode()).hexdigest()[:8]
    day = re.sub(r"\D", "", (request.interval or "").split("/")[0])[:8]
    words = "-".join(filter(None, (request.project, request.job, day)))
    readable = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
    return f"{readable[: MAX_NAME - 9].rstrip('-')}-{digest}"


def _utc(time: str) -> str:
    """The same for every way to write the same moment."""
    try:
        return datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone(timezone.utc).isoformat()
    except ValueError:  # the job will say what it thinks of it
        return time


def launched_pod(request: JobRequest, settings: ConnectionSettings, options: LaunchOptions) -> LayeredPod:
    """Return the pod of a launch, and for each of its fields the layer that gave it its value."""
    timeout = options.execution_timeout
    override = options.pod_override
    if override is not None and not isinstance(override, Mapping):
        from airflow.providers.cncf.kubernetes.pod_generator import PodGenerator

        override = PodGenerator.serialize_pod(override)
    return layered_pod(
        request,
        settings,
        deadline=int((timeout + MARGIN).total_seconds()) if timeout else None,
        profile=options.profile,
        override=override,
    )


def pod_spec(
    request: JobRequest,
    settings: ConnectionSettings,
    *,
    deadline: int | None = None,
    profile: JobProfile = JobProfile(),  # noqa: B008 - immutable
    override: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the pod in Kubernetes' own spelling; it satisfies Pod Security "restricted"."""
    return layered_pod(request, settings, deadline=deadline, profile=profile, override=override).pod


def layered_pod(
    request: JobRequest,
    settings: ConnectionSettings,
    *,
    deadline: int | None = None,
    profile: JobProfile = JobProfile(),  # noqa: B008 - immutable
    override: Mapping[str, Any] | None = None,
) -> LayeredPod:
    """Return the pod, and for each of its fields the layer that gave it its value.

    :param deadline: seconds after which the cluster ends the pod by itself.
    :param profile: what the environment wants of the job's pod.
    :param override: a partial pod that is laid over all else.
    """
    layers = [
        _defaults(request),
        *([_small()] if request.small else []),
        _manifest(request),
        _connection(settings),
        *(_profile(entry.where, entry.values) for entry in profile.entries),
        _operator(request, deadline),
        _run(request),
    ]
    if (scratch := scratch_layer(request.resources, request.job)) is not None:
        layers.append(scratch)
    last = Layer("pod_override", override or {})
    layered = lay([*layers, last])
    image = _base(layered.pod).get("image")
    if not image:
        raise SluiceConfigError(
            f"Cannot launch job '{request.job}' on Kubernetes: no image is known. Build the manifest with "
            "`manifest --image REF`, or name an image in the connection's extra or in the operator."
        )
    if settings.strict and not re.search(r"@sha256:[0-9a-f]{64}$", image):
        raise SluiceConfigError(
            f"Cannot launch job '{request.job}': the connection is strict, and image {image} is named by a tag, which "
            "may mean another image tomorrow. Name it by its digest: NAME@sha256:…"
        )
    _refuse_secrets(layered, request.job)
    scale = scale_of({**DEFAULT_RESOURCES, **request.resources}, request.job)
    if scale is None:
        return layered
    account = profile.driver_service_account or settings.driver_service_account
    executors = [_executors(entry.where, entry.values.get("executors", {})) for entry in profile.entries]
    return lay([*layers, driver_layer(scale, layered.pod, account, executors), last])


def _defaults(request: JobRequest) -> Layer:
    """What every pod is like; the Nones keep the places of what other layers say."""
    container = {
        "name": CONTAINER,
        "image": None,
        "imagePullPolicy": None,
        "args": None,
        "env": None,
        "envFrom": None,
        "resources": _resources(DEFAULT_RESOURCES),
        "terminationMessagePolicy": "File",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "work", "mountPath": "/work"}],  # noqa: S108
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": None,
            "namespace": None,
            "labels": {"app.kubernetes.io/managed-by": "sluice"},
            "annotations": {},
        },
        "spec": {
            "restartPolicy": "Never",
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "serviceAccountName": None,
            "activeDeadlineSeconds": None,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": USER,
                "runAsGroup": USER,
                "fsGroup": USER,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
            "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "work", "emptyDir": {}}],
        },
    }
    return Layer("defaults", pod)


def _small() -> Layer:
    return Layer("small job", _pod({"env": _variables(SMALL)}))


def _manifest(request: JobRequest) -> Layer:
    labels = {"sluice.dev/project": _label(request.project), "sluice.dev/job": _label(request.job)}
    container = {"image": request.declared.image, "resources": _resources(request.declared.resources)}
    return Layer("manifest", _pod(container, labels=labels))


def _connection(settings: ConnectionSettings) -> Layer:
    container = {
        "image": settings.image,
        "imagePullPolicy": settings.image_pull_policy,
        "env": _variables(settings.env),
        "envFrom": _secrets(settings.env_from_secrets),
    }
    spec = {"serviceAccountName": settings.service_account}
    return Layer("connection", _pod(container, spec, namespace=settings.namespace))


def _profile(where: str, says: Mapping[str, Any]) -> Layer:
    container = {
        "image": says.get("image"),
        "imagePullPolicy": says.get("image_pull_policy"),
        "env": _variables(says.get("env", {})),
        "envFrom": _secrets(says.get("env_from_secrets", ())),
        "resources": _resources(says.get("resources", {})),
    }
    spec = {
        "serviceAccountName": says.get("service_account"),
        "activeDeadlineSeconds": says.get("timeouts", {}).get("deadline"),
        "imagePullSecrets": [{"name": name} for name in says.get("image_pull_secrets", ())] or None,
        **_place(says),
    }
    metadata = {key: says.get(key) for key in ("namespace", "labels", "annotations")}
    return Layer(where, lay([Layer("", _pod(container, spec, **metadata)), Layer("", says.get("pod", {}))]).pod)


def _executors(where: str, says: Mapping[str, Any]) -> Layer:
    """What a profile wants of executors alone: a node that may be taken away will do for them."""
    spec = {**_place(says), "terminationGracePeriodSeconds": says.get("termination_grace")}
    return Layer(where, {"metadata": {"annotations": says.get("annotations")}, "spec": spec})


def _place(says: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "nodeSelector": says.get("node_selector"),
        "tolerations": says.get("tolerations"),
        "affinity": says.get("affinity"),
    }


def _operator(request: JobRequest, deadline: int | None) -> Layer:
    container = {"image": request.image, "resources": _resources(request.resources)}
    return Layer("operator", _pod(container, {"activeDeadlineSeconds": deadline}))


def _run(request: JobRequest) -> Layer:
    """What belongs to this very try, over which nothing but an override goes."""
    image = {"SLUICE_IMAGE": request.image} if request.image else {}
    container = {"args": list(request.arguments), "env": _variables({**request.environment(), **image})}
    return Layer("run", _pod(container, name=pod_name(request), annotations={"sluice.dev/interval": request.interval}))


def _pod(container: Mapping[str, Any], spec: Mapping[str, Any] | None = None, **metadata: Any) -> dict[str, Any]:
    return {"metadata": metadata, "spec": {**(spec or {}), "containers": [{"name": CONTAINER, **container}]}}


def _resources(said: Mapping[str, str]) -> dict[str, Any] | None:
    resources = of_the_container(said)
    # Memory asked for is memory owned: a job that may use more than it asked for is the first to be evicted.
    limits = {"limits": {"memory": resources["memory"]}} if "memory" in resources else {}
    return {"requests": resources, **limits} if resources else None


def _variables(env: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    said = [
        {"name": name, "valueFrom": value} if isinstance(value, Mapping) else {"name": name, "value": value}
        for name, value in env.items()
    ]
    return said or None


def _secrets(names: Any) -> list[dict[str, Any]] | None:
    return [{"secretRef": {"name": name}} for name in names] or None


def _base(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(container for container in pod["spec"]["containers"] if container["name"] == CONTAINER)


def _refuse_secrets(layered: LayeredPod, job: str) -> None:
    """Whoever may look at the pod, at its events or at its dump could read them."""
    for path, value in leaves(layered.pod):
        named = re.search(r"\.env\[([^\]]+)\]\.value$", path)
        name = named[1] if named else path
        reason = why_secret(name, value) if named and name not in RESERVED else None
        if reason:
            raise SluiceConfigError(
                f"Cannot launch job '{job}': {reason}, and it stands in the pod by the {layered.origins[path]}. "
                "Keep it in a Kubernetes secret, and name that in env_from_secrets or by a secretKeyRef."
            )


def _label(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:63].strip("-._")
