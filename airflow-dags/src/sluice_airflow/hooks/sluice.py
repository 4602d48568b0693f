"""The connection of type ``sluice``: says where jobs run."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from airflow.sdk import BaseHook

from sluice_airflow._compat import AirflowNotFoundException
from sluice_airflow.connection import ConnectionSettings, parse_extra
from sluice_airflow.exceptions import SluiceConfigError


class SluiceHook(BaseHook):
    """Reads a ``sluice`` connection.

    :param sluice_conn_id: the connection's id.
    """

    conn_name_attr = "sluice_conn_id"
    default_conn_name = "sluice_default"
    conn_type = "sluice"
    hook_name = "Sluice"

    def __init__(self, sluice_conn_id: str = default_conn_name):
        super().__init__()
        self.sluice_conn_id = sluice_conn_id

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, Any]:
        """Return how the form looks: everything is in the extra."""
        return {
            "hidden_fields": ["host", "schema", "login", "password", "port"],
            "relabeling": {},
            "placeholders": {"extra": '{"launcher": "kubernetes", "namespace": "jobs"}'},
        }

    def get_conn(self) -> ConnectionSettings:
        """Return the connection's settings, checked."""
        try:
            connection = self.get_connection(self.sluice_conn_id)
        except AirflowNotFoundException:
            raise SluiceConfigError(
                f"Cannot find connection '{self.sluice_conn_id}'. Create it with type 'sluice' and an extra like "
                '{"launcher": "kubernetes", "namespace": "jobs"} or {"launcher": "process", "home": "/jars"}.'
            ) from None
        if connection.conn_type != self.conn_type:
            raise SluiceConfigError(
                f"Cannot use connection '{self.sluice_conn_id}': it is of type '{connection.conn_type}'. "
                f"Make it one of type '{self.conn_type}'."
            )
        return parse_extra(self.sluice_conn_id, connection.extra)

    def test_connection(self) -> tuple[bool, str]:
        """Return whether jobs could be launched, and what was found or is wrong."""
        try:
            settings = self.get_conn()
            found = _test_process(settings) if settings.launcher == "process" else _test_kubernetes(settings)
        except Exception as error:  # the form shows any reason
            return False, str(error)
        return True, found


def _test_process(settings: ConnectionSettings) -> str:
    java = [settings.java, "-version"]
    version = subprocess.run(java, capture_output=True, text=True, timeout=30, check=True).stderr  # noqa: S603
    jars = sorted(jar.name for jar in Path(settings.home or ".").glob("*.jar"))
    if not jars:
        raise SluiceConfigError(f"Cannot find a jar in {settings.home}. Build a project, or correct 'home'.")
    return f"{version.splitlines()[0] if version else settings.java}; jars: {', '.join(jars)}"


def _test_kubernetes(settings: ConnectionSettings) -> str:
    from airflow.providers.cncf.kubernetes.hooks.kubernetes import KubernetesHook

    hook = KubernetesHook(conn_id=settings.kubernetes_conn_id)
    namespace = settings.namespace or hook.get_namespace() or "default"
    pods = hook.core_v1_client.list_namespaced_pod(namespace, limit=1)
    return f"The cluster answers; namespace {namespace} has {'pods' if pods.items else 'no pod'} now."
