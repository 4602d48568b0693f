"""What Airflow asks a provider package about itself."""

from __future__ import annotations

from typing import Any

_LINKS = ("Receipt", "Quality", "Quarantine", "Spark", "History", "Logs")
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
                "to_openlineage_converter": "sluice_airflow.lineage.to_openlineage",
            }
        ],
        "hooks": [{"integration-name": "Sluice", "python-modules": ["sluice_airflow.hooks.sluice"]}],
        "cli": ["sluice_airflow.cli.airflow.get_commands"],
        "extra-links": [f"sluice_airflow.links.job.{name}Link" for name in _LINKS],
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
            "description": "kubernetes: a pod a job. emr-…: a job run of Amazon EMR. process: a JVM on the worker.",
            "schema": {
                "type": ["string", "null"],
                "enum": ["kubernetes", "emr-serverless", "emr-containers", "process"],
                "default": "kubernetes",
            },
        },
        "namespace": _text("Namespace", "Where the pods run. Default: the Kubernetes connection's, else 'default'."),
        "service_account": _text("Service account", "As whom the pods run. It needs no rights in the cluster."),
        "driver_service_account": _text(
            "Driver's service account", "As whom jobs run that have executors, which they make. Default: sluice-driver."
        ),
        "env_from_secrets": {
            "label": "Secrets",
            "description": "Names of secrets of the namespace; their keys become environment variables of the job.",
            "schema": {"type": ["array", "null"], "items": {"type": "string"}},
        },
        "kubernetes_conn_id": _text(
            "Kubernetes connection", "The connection that names the cluster. Default: the one that Airflow runs in."
        ),
        "image": _text("Image", "Image to run instead of the manifest's."),
        "image_pull_policy": _text("Image pull policy", "Always, IfNotPresent or Never."),
        "strict": {
            "label": "Strict",
            "description": "Run only images by digest.",
            "schema": {"type": ["boolean", "null"]},
        },
        "profile": _text("Profile", "Path of this environment's profile, a YAML file on the workers."),
        "home": _text("Jars", "For 'process' and EMR: the folder of the projects' jars. On EMR: local:///app."),
        "java": _text("Java", "For the launcher 'process': the command of a JVM 17 or newer. Default: java."),
        "env": {
            "label": "Environment",
            "description": "Environment variables of the job, so also any setting of Sluice as SLUICE_… No secrets.",
            "schema": {"type": ["object", "null"]},
        },
        "receipt_root": _text("Receipts", "Folder or object-store address to which the long receipts are copied."),
        "storage_conn_id": _text(
            "Object store connection", "With what Airflow's pages read receipts and quality pages in an object store."
        ),
        "spark_ui_url": _text("Spark UI", f"Address of Spark's pages for a run. {_IN_BRACES}"),
        "spark_history_url": _text(
            "Spark history", "Address of a run in Spark's history server, e.g. https://…/history/{application}/jobs/."
        ),
        "logs_url": _text("Logs", f"Address of a pod's log in a log store. {_IN_BRACES}"),
        **_emr_fields(),
    }


def _emr_fields() -> dict[str, Any]:
    return {
        "application_id": _text("EMR application", "For 'emr-serverless': the application that runs the jobs."),
        "virtual_cluster_id": _text("EMR cluster", "For 'emr-containers': the virtual cluster that runs the jobs."),
        "release_label": _text("EMR release", "For 'emr-containers': the release, e.g. emr-spark-8.0.0-latest."),
        "execution_role_arn": _text("EMR role", "For EMR: the role that the jobs have."),
        "region": _text("AWS region", "For EMR. Default: that of the AWS connection or of the machine."),
        "aws_conn_id": _text("AWS connection", "For EMR: whose credentials ask for runs. Default: the machine's own."),
        "log_uri": _text("EMR logs", "For EMR: folder in S3 for the logs, whose last lines a failure shows."),
        "spark": {
            "label": "Spark properties",
            "description": "For EMR: properties of Spark, e.g. spark.emr-serverless.driver.disk. No secrets.",
            "schema": {"type": ["object", "null"]},
        },
    }


def _text(label: str, description: str) -> dict[str, Any]:
    return {"label": label, "description": description, "schema": _TEXT}


_IN_BRACES = (
    "Names in braces are filled in: {namespace}, {pod}, {job_run}, {job}, {dag_id}, {task_id}, {run_id}, {try_number}."
)
