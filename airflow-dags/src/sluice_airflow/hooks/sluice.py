"""The connection of type ``sluice``: says where jobs run."""

from __future__ import annotations

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
        """Return whether jobs could be launched, and what is well or wrong; ``sluice-airflow doctor`` says more."""
        from sluice_airflow.doctor import State
        from sluice_airflow.doctor.launch import look_at_launch

        try:
            findings = list(look_at_launch(self.get_conn()))
        except Exception as error:  # the form shows any reason
            return False, str(error)
        faults = [finding for finding in findings if finding.state is State.WRONG]
        if faults:
            return False, "\n".join(f"Cannot launch jobs: {f.check}: {f.says}. {f.fix}" for f in faults)
        return True, "; ".join(f"{f.check}: {f.says}" for f in findings if f.state is State.OK)
