"""What a connection of type ``sluice`` says: where jobs run, and with which surroundings."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.nearest import did_you_mean
from sluice_airflow.secret_literals import refuse_secret

LAUNCHERS = ("kubernetes", "process")

#: What an address may name in braces.
NAMES = ("dag_id", "job", "map_index", "namespace", "pod", "run_id", "task_id", "try_number")

#: Set by the launcher for every try; a connection that sets them would break the proof of the result.
RESERVED = ("SLUICE_RUN_TOKEN", "SLUICE_TERMINATION_MESSAGE", "SLUICE_STARTED_BY", "SLUICE_IMAGE")

#: Where a secret belongs that stands in ``env``.
INSTEAD = (
    "Keep it in a Kubernetes secret that env_from_secrets names; "
    "jobs of the launcher 'process' have it from the worker's own environment."
)


@dataclass(frozen=True)
class ConnectionSettings:
    """The extras of a ``sluice`` connection; every field is one key of the extra JSON."""

    launcher: str = "kubernetes"
    java: str = "java"
    home: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    kubernetes_conn_id: str | None = None
    namespace: str | None = None
    service_account: str | None = None
    driver_service_account: str | None = None
    image: str | None = None
    image_pull_policy: str | None = None
    env_from_secrets: tuple[str, ...] = ()
    receipt_root: str | None = None
    profile: str | None = None
    strict: bool = False
    storage_conn_id: str | None = None
    spark_ui_url: str | None = None
    logs_url: str | None = None


def parse_extra(conn_id: str, extra: str | None) -> ConnectionSettings:
    """Read the extra JSON of a connection; empty values count as absent."""
    given = {key: value for key, value in _object(conn_id, extra).items() if value not in (None, "", {}, [])}
    known = {f.name for f in fields(ConnectionSettings)}
    for key in given:
        if key not in known:
            raise _cannot(conn_id, f"unknown key '{key}' in extra", did_you_mean(key, known))
    values: dict[str, Any] = {key: _value(conn_id, key, value) for key, value in given.items()}
    settings = ConnectionSettings(**values)
    _check_launcher(conn_id, settings)
    return settings


def _object(conn_id: str, extra: str | None) -> dict[str, Any]:
    try:
        value = json.loads(extra) if extra else {}
    except ValueError as error:
        raise _cannot(conn_id, f"extra is not valid JSON ({error})", "Correct the extra field.") from None
    if not isinstance(value, dict):
        raise _cannot(conn_id, "extra is not a JSON object", 'Write {"launcher": "kubernetes", …}.')
    return value


def _value(conn_id: str, key: str, value: Any) -> Any:
    if key == "env":
        return _env(conn_id, value)
    if key == "env_from_secrets":
        return _names(conn_id, value)
    if key == "strict":
        return _boolean(conn_id, key, value)
    if key in ("spark_ui_url", "logs_url"):
        return _address(conn_id, key, value)
    if not isinstance(value, str):
        raise _cannot(conn_id, f"'{key}' must be a text, but is {json.dumps(value)}", "Correct it.")
    return value


def _env(conn_id: str, value: Any) -> dict[str, str]:
    value = _unquoted(value)
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise _cannot(conn_id, "'env' must map names to texts", 'Write {"env": {"NAME": "value"}}.')
    for name in RESERVED:
        if name in value:
            raise _cannot(conn_id, f"'env' must not set {name}: every try gets its own", "Remove it.")
    for name, text in value.items():
        refuse_secret(name, text, doing=f"Cannot use connection '{conn_id}'", instead=INSTEAD)
    return value


def _boolean(conn_id: str, key: str, value: Any) -> bool:
    value = _unquoted(value)
    if not isinstance(value, bool):
        raise _cannot(conn_id, f"'{key}' must be true or false, but is {json.dumps(value)}", "Correct it.")
    return value


def _names(conn_id: str, value: Any) -> tuple[str, ...]:
    value = _unquoted(value)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _cannot(conn_id, "'env_from_secrets' must be a list of secret names", 'Write ["name"].')
    return tuple(value)


def _address(conn_id: str, key: str, value: Any) -> str:
    names = re.findall(r"\{([^{}]*)\}", str(value))
    for name in names:
        if name not in NAMES:
            raise _cannot(conn_id, f"'{key}' names {{{name}}}, which is not known", did_you_mean(name, NAMES))
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^{}\s]+(\{\w+\}[^{}\s]*)*", value):
        raise _cannot(conn_id, f"'{key}' must be a whole address, with names in braces", 'Write "https://…?pod={pod}".')
    return value


def _unquoted(value: Any) -> Any:
    """Forms may keep objects and lists as JSON text."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _check_launcher(conn_id: str, settings: ConnectionSettings) -> None:
    if settings.launcher not in LAUNCHERS:
        raise _cannot(
            conn_id,
            f"unknown launcher '{settings.launcher}'",
            did_you_mean(settings.launcher, LAUNCHERS),
        )
    if settings.launcher == "process" and not settings.home:
        raise _cannot(
            conn_id,
            "launcher 'process' needs 'home', the folder that holds the projects' jars",
            'Write {"launcher": "process", "home": "/path/to/jars"}.',
        )


def _cannot(conn_id: str, reason: str, advice: str) -> SluiceConfigError:
    return SluiceConfigError(f"Cannot use connection '{conn_id}': {reason}. {advice}")
