"""What Airflow asks a provider package about itself."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": ["string", "null"]}


def get_provider_info() -> dict[str, Any]:
    """Return the provider's metadata; importing this module imports nothing of Airflow."""
    from sluice_airflow import __version__

    return {
        "package-name": "airflow-provider-sluice",
        "name": "Sluice",
        "description": "Runs Sluice jobs: one declared job, one task, one receipt that can be believed.",
        "versions": [__version__],
        "integrations": [{"integration-name": "Sluice", "tags": ["software"]}],
        "operators": [
            {
                "integration-name": "Sluice",
                "python-modules": ["sluice_airflow.operators.job", "sluice_airflow.operators.approval"],
            },
        ],
        "task-decorators": [{"name": "sluice_job", "class-name": "sluice_airflow.decorators.job.job"}],
        "asset-uris": [
            {
                "schemes": ["sluice"],
                "handler": "sluice_airflow.assets.sanitize_uri",
                "factory": "sluice_airflow.assets.create_asset",
            }
        ],
        "hooks": [{"integration-name": "Sluice", "python-modules": ["sluice_airflow.hooks.sluice"]}],
        "cli": ["sluice_airflow.cli.airflow.get_commands"],
        "connection-types": [
            {
                "connection-type": "sluice",
                "hook-class-name": "sluice_airflow.hooks.sluice.SluiceHook",
                "hook-name": "Sluice",
                "conn-fields": _connection_fields(),
                "ui-field-behaviour": {
                    "hidden-fields": ["host", "schema", "login", "password", "port"],
                    "placeholders": {"extra": '{"launcher": "kubernetes", "namespace": "jobs"}'},
                },
            }
        ],
    }


def _connection_fields() -> dict[str, Any]:
    return {
        "launcher": {
            "label": "Launcher",
            "description": "kubernetes: a pod a job; process: a JVM on the worker.",
            "schema": {
                "type": ["string", "null"],
                "enum": ["kubernetes", "process"],
                "default": "kubernetes",
            },
        },
        "kubernetes_conn_id": {"label": "Kubernetes connection", "schema": _TEXT},
        "namespace": {"label": "Namespace", "schema": _TEXT},
        "service_account": {"label": "Service account of the pods", "schema": _TEXT},
        "image": {"label": "Image instead of the manifest's", "schema": _TEXT},
        "image_pull_policy": {"label": "Image pull policy", "schema": _TEXT},
        "env_from_secrets": {
            "label": "Secrets whose keys become environment variables",
            "schema": {"type": ["array", "null"], "items": {"type": "string"}},
        },
        "env": {"label": "Environment of the job", "schema": {"type": ["object", "null"]}},
        "java": {"label": "java command (process)", "schema": _TEXT},
        "home": {"label": "Folder of the jars (process)", "schema": _TEXT},
        "receipt_root": {"label": "Folder for copies of the receipts", "schema": _TEXT},
        "profile": {"label": "Profile of this environment (a YAML file on the workers)", "schema": _TEXT},
        "strict": {"label": "Only images by digest (kubernetes)", "schema": {"type": ["boolean", "null"]}},
    }
