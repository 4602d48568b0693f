"""What is said to Kubernetes' API server, and heard of it, in the same way everywhere."""

from __future__ import annotations

import json
from typing import Any

from kubernetes.client.exceptions import ApiException
from urllib3.exceptions import HTTPError

from sluice_airflow.launchers.pod_status import telling_warning


def api_message(error: Any) -> str:
    """Return the API server's own sentence; the exception's text would be a page of headers."""
    if not isinstance(error, ApiException):
        return " ".join(str(error).split()).rstrip(".")[:300] or type(error).__name__
    try:
        message = json.loads(error.body)["message"]
    except (TypeError, ValueError, KeyError):
        message = error.reason
    return f"{str(message).rstrip('.')} (HTTP {error.status})"


def only_pod(uid: str) -> dict[str, Any]:
    """Return the options by which a deletion means this very pod, and none that has its name by now."""
    return {"preconditions": {"uid": uid}}


def delete_pod(core: Any, namespace: str, name: str, uid: str) -> None:
    """Delete this very pod, which may be gone already."""
    try:
        core.delete_namespaced_pod(name, namespace, body=only_pod(uid))
    except ApiException as error:
        if error.status not in (404, 409):  # it is gone, or another has its name
            raise


def last_warning(core: Any, namespace: str, pod: str) -> str | None:
    """Return the last telling event of a pod, or none: it is a courtesy."""
    try:
        events = core.list_namespaced_event(namespace, field_selector=f"involvedObject.name={pod}").items
    except (ApiException, HTTPError):
        return None
    return telling_warning(events)
