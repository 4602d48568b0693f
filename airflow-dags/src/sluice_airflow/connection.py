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

LAUNCHERS = ("emr-containers", "emr-serverless", "kubernetes", "process")

#: Without which keys a launcher cannot launch, and what they say.
_OF_EMR = {
    "execution_role_arn": "the role that jobs have",
    "receipt_root": "the place in S3 where jobs leave their receipts, since EMR brings no result back",
}
NEEDS: Mapping[str, Mapping[str, str]] = {
    "process": {"home": "the folder that holds the projects' jars"},
    "emr-serverless": {"application_id": "the application that runs the jobs", **_OF_EMR},
    "emr-containers": {
        "virtual_cluster_id": "the virtual cluster that runs the jobs",
        "release_label": "the release of EMR",
        **_OF_EMR,
    },
}

#: What the errors about them show.
_EXAMPLES = {
    "home": "/path/to/jars",
    "application_id": "00f1abcdefgh2345",
    "virtual_cluster_id": "abcdefghijklmnopqrstuvwxy",
    "release_label": "emr-spark-8.0.0-latest",
    "execution_role_arn": "arn:aws:iam::123456789012:role/jobs",
    "receipt_root": "s3://bucket/receipts",
}

#: What an address may name in braces.
NAMES = ("application", "dag_id", "job", "job_run", "map_index", "namespace", "pod", "run_id", "task_id", "try_number")

#: Set by the launcher for every try; a connection that sets them would break the proof of the result.
RESERVED = ("SLUICE_RUN_TOKEN", "SLUICE_TERMINATION_MESSAGE", "SLUICE_STARTED_BY", "SLUICE_IMAGE")

#: Where a secret belongs that stands in ``env``.
INSTEAD = (
    "Keep it in a Kubernetes secret that env_from_secrets names; "
    "jobs of the launcher 'process' have it from the worker's own environment, those on EMR from EMR.secret@NAME."
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
    spark_history_url: str | None = None
    logs_url: str | None = None
    application_id: str | None = None
    virtual_cluster_id: str | None = None
    release_label: str | None = None
    execution_role_arn: str | None = None
    region: str | None = None
    aws_conn_id: str | None = None
    log_uri: str | None = None
    spark: Mapping[str, str] = field(default_factory=dict)

    @property
    def on_emr(self) -> bool:
        """Whether jobs run on Amazon EMR."""
        return self.launcher.startswith("emr-")


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
    if key in ("env", "spark"):
        return _texts(conn_id, key, value)
    if key == "env_from_secrets":
        return _names(conn_id, value)
    if key == "strict":
        return _boolean(conn_id, key, value)
    if key in ("spark_ui_url", "spark_history_url", "logs_url"):
        return _address(conn_id, key, value)
    if not isinstance(value, str):
        raise _cannot(conn_id, f"'{key}' must be a text, but is {json.dumps(value)}", "Correct it.")
    return value


def _texts(conn_id: str, key: str, value: Any) -> dict[str, str]:
    value = _unquoted(value)
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise _cannot(conn_id, f"'{key}' must map names to texts", f'Write {{"{key}": {{"NAME": "value"}}}}.')
    for name, text in value.items():
        own = name.rpartition(".")[2]
        if own in RESERVED:
            raise _cannot(conn_id, f"'{key}' must not set {own}: every try gets its own", "Remove it.")
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
    for key, what in NEEDS.get(settings.launcher, {}).items():
        if not getattr(settings, key):
            example = json.dumps({"launcher": settings.launcher, key: _EXAMPLES[key]})
            raise _cannot(conn_id, f"launcher '{settings.launcher}' needs '{key}', {what}", f"Write {example}.")
    if settings.on_emr:
        _check_emr(conn_id, settings)


def _check_emr(conn_id: str, settings: ConnectionSettings) -> None:
    for key in ("receipt_root", "log_uri"):
        address = getattr(settings, key)
        if address and not re.fullmatch(r"s3://[^/\s]+(/\S*)?", address):
            raise _cannot(
                conn_id,
                f"launcher '{settings.launcher}' needs a '{key}' in S3, but it is {address}",
                "Write s3://BUCKET/FOLDER.",
            )
    if settings.env_from_secrets:
        raise _cannot(
            conn_id,
            f"launcher '{settings.launcher}' cannot read 'env_from_secrets': these are secrets of Kubernetes",
            'Keep them in AWS Secrets Manager, and write {"env": {"NAME": "EMR.secret@SECRET"}}.',
        )


def _cannot(conn_id: str, reason: str, advice: str) -> SluiceConfigError:
    return SluiceConfigError(f"Cannot use connection '{conn_id}': {reason}. {advice}")
