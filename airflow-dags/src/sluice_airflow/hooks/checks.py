"""Tries out what a connection says, short of running a job, and names what is wrong."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers import JobRequest
from sluice_airflow.launchers.pod import pod_spec

OLDEST_JAVA = 17

#: What a launch needs of the API server; see containers/rbac.yaml.
RIGHTS = (
    ("create", "pods", None),
    ("get", "pods", None),
    ("list", "pods", None),
    ("watch", "pods", None),
    ("patch", "pods", None),
    ("delete", "pods", None),
    ("get", "pods", "log"),
    ("list", "events", None),
)

SECONDS = 10


def check_process(settings: ConnectionSettings) -> str:
    """Return what was found on this machine, or raise what is missing on it."""
    version = _java_version(settings.java)
    home = Path(settings.home or ".")
    if not home.is_dir():
        raise SluiceConfigError(f"Cannot find folder {home}: this machine has none. Create it, or correct 'home'.")
    jars = sorted(jar.name for jar in home.glob("*.jar"))
    if not jars:
        raise SluiceConfigError(f"Cannot find a jar in {home}. Build a project, or correct 'home'.")
    return f"{version}; jars: {', '.join(jars)}"


def _java_version(java: str) -> str:
    advice = f"Install a JDK {OLDEST_JAVA} or newer on this machine, or correct 'java'."
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=False)  # noqa: S603
    except OSError as error:
        raise SluiceConfigError(f"Cannot start '{java}': {error.strerror}. {advice}") from None
    except subprocess.TimeoutExpired:
        raise SluiceConfigError(f"Cannot use '{java}': it does not say its version within 30 s. {advice}") from None
    said = (done.stderr or done.stdout).strip().splitlines() or ["it says nothing"]
    if done.returncode != 0:
        raise SluiceConfigError(f"Cannot use '{java}': it ends with {done.returncode}: {said[-1]}. {advice}")
    number = re.search(r'version "(?:1\.)?(\d+)', said[0])
    if number is not None and int(number[1]) < OLDEST_JAVA:
        raise SluiceConfigError(f"Cannot use '{java}': it is Java {number[1]}. {advice}")
    return said[0]


def check_kubernetes(settings: ConnectionSettings) -> str:
    """Return what the cluster answers, or raise why a job's pod could not run."""
    try:
        from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError
    except ImportError as error:
        raise SluiceConfigError(
            f"Cannot launch on Kubernetes: a package is missing ({error}). Install airflow-provider-sluice[kubernetes]."
        ) from None
    try:
        hook = KubernetesHook(conn_id=settings.kubernetes_conn_id)
        namespace = settings.namespace or hook.get_namespace() or "default"
        core, client = hook.core_v1_client, hook.api_client
    except Exception as error:  # of several libraries, whichever way the cluster is named
        raise SluiceConfigError(
            f"Cannot use the Kubernetes connection: {str(error).strip().rstrip('.')}. "
            "Correct 'kubernetes_conn_id', or that connection, or KUBECONFIG."
        ) from None
    try:
        _check_rights(client, namespace)
        _check_namespace(core, namespace)
        _check_pod(core, settings, namespace)
        secrets = _check_secrets(core, settings, namespace)
    except HTTPError as error:
        reason = str(getattr(error, "reason", None) or error).rsplit(">: ", maxsplit=1)[-1].rstrip(".")
        raise SluiceConfigError(
            f"Cannot reach the cluster: {reason}. Check its address in the Kubernetes connection, and the network."
        ) from None
    except ApiException as error:
        if error.status == 401:
            raise SluiceConfigError(
                "Cannot log in to the cluster: it does not know this account (HTTP 401). Renew the token or "
                "certificate of the Kubernetes connection."
            ) from None
        raise SluiceConfigError(f"Cannot ask the cluster: {_message(error)}. See that it is healthy.") from None
    return f"The cluster admits a job's pod to namespace {namespace}{secrets}."


def _check_rights(client: Any, namespace: str) -> None:
    from kubernetes.client import AuthorizationV1Api

    reviews = AuthorizationV1Api(client)
    missing = []
    for verb, resource, subresource in RIGHTS:
        attributes = {"namespace": namespace, "verb": verb, "resource": resource, "subresource": subresource}
        body = {"spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}}}
        answer = reviews.create_self_subject_access_review(body, _request_timeout=SECONDS)
        if not answer.status.allowed:
            missing.append(f"{verb} {'/'.join(filter(None, (resource, subresource)))}")
    if missing:
        raise SluiceConfigError(
            f"Cannot launch in namespace '{namespace}': this account may not {', '.join(missing)}. "
            "Give it the role of containers/rbac.yaml, or correct 'namespace'."
        )


def _check_namespace(core: Any, namespace: str) -> None:
    # Few accounts may look; the pod below tells as well, in other words.
    if _answer(lambda: core.read_namespace(namespace, _request_timeout=SECONDS)) == 404:
        raise SluiceConfigError(
            f"Cannot find namespace '{namespace}': the cluster has none. Create it, or correct 'namespace'."
        )


def _check_pod(core: Any, settings: ConnectionSettings, namespace: str) -> None:
    """Have the API server admit a job's pod without keeping it: service account, Pod Security and quota are its."""
    from kubernetes.client.exceptions import ApiException

    request = JobRequest("connection", "test", ("version",), "none", "sluice", "test", "test", 1, image="sluice/test")
    body = pod_spec(request, settings)
    try:
        core.create_namespaced_pod(namespace, body, dry_run="All", _request_timeout=SECONDS)
    except ApiException as error:
        message = _message(error)
        if error.status == 401:
            raise
        if "does not support dry run" in message:
            return
        account = settings.service_account
        if account and "service account" in message and "not found" in message:
            raise SluiceConfigError(
                f"Cannot find service account '{account}': namespace '{namespace}' has none. "
                "Create it, or correct 'service_account'."
            ) from None
        raise SluiceConfigError(
            f"Cannot create a pod in namespace '{namespace}': {message}. "
            "Correct the connection, or the cluster's rules."
        ) from None


def _check_secrets(core: Any, settings: ConnectionSettings, namespace: str) -> str:
    found: list[str] = []
    unseen: list[str] = []
    for name in settings.env_from_secrets:
        answer = _answer(lambda name=name: core.read_namespaced_secret(name, namespace, _request_timeout=SECONDS))
        if answer == 404:
            raise SluiceConfigError(
                f"Cannot find secret '{name}': namespace '{namespace}' has none. Create it, or correct "
                "'env_from_secrets'."
            )
        (found if answer == 200 else unseen).append(name)
    parts = (
        f"; found secrets: {', '.join(found)}" if found else "",
        f"; not checked, since this account may not read secrets: {', '.join(unseen)}" if unseen else "",
    )
    return "".join(parts)


def _answer(ask: Any) -> int:
    """Return the status of an answer; 401 is not one, but the end of all asking."""
    from kubernetes.client.exceptions import ApiException

    try:
        ask()
    except ApiException as error:
        if error.status == 401:
            raise
        return int(error.status)
    return 200


def _message(error: Any) -> str:
    try:
        message = json.loads(error.body)["message"]
    except (TypeError, ValueError, KeyError):
        message = error.reason
    return f"{str(message).rstrip('.')} (HTTP {error.status})"
