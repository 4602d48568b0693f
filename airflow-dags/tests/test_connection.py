from __future__ import annotations

import json
from pathlib import Path

import pytest

from sluice_airflow._compat import AirflowNotFoundException
from sluice_airflow.connection import ConnectionSettings, parse_extra
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.hooks.sluice import SluiceHook

ON_EMR = {
    "launcher": "emr-serverless",
    "application_id": "00f1",
    "execution_role_arn": "arn:aws:iam::123456789012:role/jobs",
    "receipt_root": "s3://lake/receipts",
}


def test_kubernetes_is_the_default_launcher() -> None:
    assert parse_extra("c", None) == ConnectionSettings(launcher="kubernetes")


def test_every_key_is_read() -> None:
    extra = {
        "launcher": "process",
        "java": "java17",
        "home": "/jars",
        "env": {"A": "b"},
        "kubernetes_conn_id": "k8s",
        "namespace": "jobs",
        "service_account": "flights",
        "image": "i",
        "image_pull_policy": "Always",
        "env_from_secrets": ["lake"],
        "receipt_root": "s3a://receipts",
        "profile": "/etc/sluice/production.yaml",
        "strict": True,
        "storage_conn_id": "aws",
        "spark_ui_url": "https://history/{run_id}/{task_id}",
        "spark_history_url": "https://history/history/{application}/jobs/",
        "logs_url": "http://logs?pod={pod}",
        "application_id": "00f1",
        "virtual_cluster_id": "abc",
        "release_label": "emr-spark-8.0.0-latest",
        "execution_role_arn": "arn:aws:iam::123456789012:role/jobs",
        "region": "eu-west-1",
        "aws_conn_id": "aws",
        "log_uri": "s3://logs",
        "spark": {"spark.emr-serverless.driver.disk": "100g"},
    }

    assert parse_extra("c", json.dumps(extra)) == ConnectionSettings(**{**extra, "env_from_secrets": ("lake",)})  # type: ignore[arg-type]


def test_values_of_the_form_may_be_empty_or_json_texts() -> None:
    extra = {"namespace": "", "image": None, "env": '{"A": "b"}', "env_from_secrets": '["lake"]'}

    assert parse_extra("c", json.dumps(extra)) == ConnectionSettings(env={"A": "b"}, env_from_secrets=("lake",))


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        pytest.param(
            '{"namespce": "jobs"}',
            "unknown key 'namespce' in extra. Did you mean 'namespace'? Known: application_id, aws_conn_id, "
            "driver_service_account, env, env_from_secrets, execution_role_arn, home, image, image_pull_policy, java, "
            "kubernetes_conn_id, launcher, log_uri, logs_url, namespace, profile, receipt_root, region, release_label, "
            "service_account, spark, spark_history_url, spark_ui_url, storage_conn_id, strict, virtual_cluster_id.",
            id="unknown key",
        ),
        pytest.param(
            '{"launcher": "kubernets"}',
            "unknown launcher 'kubernets'. Did you mean 'kubernetes'? Known: emr-containers, emr-serverless, "
            "kubernetes, process.",
            id="unknown launcher",
        ),
        pytest.param(
            '{"launcher": "process"}',
            "launcher 'process' needs 'home', the folder that holds the projects' jars. "
            'Write {"launcher": "process", "home": "/path/to/jars"}.',
            id="process without home",
        ),
        pytest.param(
            '{"env": {"SLUICE_RUN_TOKEN": "mine"}}',
            "'env' must not set SLUICE_RUN_TOKEN: every try gets its own. Remove it.",
            id="token in env",
        ),
        pytest.param(
            '{"env": {"A": 1}}',
            '\'env\' must map names to texts. Write {"env": {"NAME": "value"}}.',
            id="number in env",
        ),
        pytest.param(
            '{"env_from_secrets": "lake"}',
            "'env_from_secrets' must be a list of secret names. Write [\"name\"].",
            id="secret as text",
        ),
        pytest.param(
            '{"env": {"LAKE_PASSWORD": "gravel"}}',
            "'LAKE_PASSWORD' is what a secret is called, and everybody who sees it could read it. Keep "
            "it in a Kubernetes "
            "secret that env_from_secrets names; jobs of the launcher 'process' have it from the "
            "worker's own environment, those on EMR from EMR.secret@NAME.",
            id="secret in env",
        ),
        pytest.param(
            '{"strict": "yes"}', "'strict' must be true or false, but is \"yes\". Correct it.", id="half strict"
        ),
        pytest.param('{"image": 7}', "'image' must be a text, but is 7. Correct it.", id="number for a text"),
        pytest.param(
            '{"logs_url": "https://logs?pod={pood}"}',
            "'logs_url' names {pood}, which is not known. Did you mean 'pod'? Known: application, dag_id, job, "
            "job_run, map_index, namespace, pod, run_id, task_id, try_number.",
            id="unknown name in an address",
        ),
        pytest.param(
            '{"spark_ui_url": "https://history/{pod.__class__}"}',
            "'spark_ui_url' names {pod.__class__}, which is not known. Known: application, dag_id, job, job_run, "
            "map_index, namespace, pod, run_id, task_id, try_number.",
            id="attribute in an address",
        ),
        *(
            pytest.param(
                json.dumps({"logs_url": address}),
                "'logs_url' must be a whole address, with names in braces. Write \"https://…?pod={pod}\".",
                id=f"address {address}",
            )
            for address in (
                "javascript:alert(1)",
                "logs/{pod}",
                "https://{pod}",
                "https://logs/{pod",
                "https://l/{{pod}}",
            )
        ),
        pytest.param(
            json.dumps({**ON_EMR, "application_id": None}),
            "launcher 'emr-serverless' needs 'application_id', the application that runs the jobs. "
            'Write {"launcher": "emr-serverless", "application_id": "00f1abcdefgh2345"}.',
            id="EMR without an application",
        ),
        pytest.param(
            json.dumps({**ON_EMR, "launcher": "emr-containers", "virtual_cluster_id": "abc"}),
            "launcher 'emr-containers' needs 'release_label', the release of EMR. "
            'Write {"launcher": "emr-containers", "release_label": "emr-spark-8.0.0-latest"}.',
            id="EMR on EKS without a release",
        ),
        pytest.param(
            json.dumps({**ON_EMR, "receipt_root": ""}),
            "launcher 'emr-serverless' needs 'receipt_root', the place in S3 where jobs leave their receipts, since "
            'EMR brings no result back. Write {"launcher": "emr-serverless", "receipt_root": "s3://bucket/receipts"}.',
            id="EMR without a place for receipts",
        ),
        pytest.param(
            json.dumps({**ON_EMR, "receipt_root": "/receipts"}),
            "launcher 'emr-serverless' needs a 'receipt_root' in S3, but it is /receipts. Write s3://BUCKET/FOLDER.",
            id="EMR with receipts on a disk",
        ),
        pytest.param(
            json.dumps({**ON_EMR, "env_from_secrets": ["lake"]}),
            "launcher 'emr-serverless' cannot read 'env_from_secrets': these are secrets of Kubernetes. Keep them in "
            'AWS Secrets Manager, and write {"env": {"NAME": "EMR.secret@SECRET"}}.',
            id="EMR with secrets of Kubernetes",
        ),
        pytest.param(
            json.dumps({**ON_EMR, "spark": {"spark.emr-serverless.driverEnv.SLUICE_RUN_TOKEN": "mine"}}),
            "'spark' must not set SLUICE_RUN_TOKEN: every try gets its own. Remove it.",
            id="token among Spark's properties",
        ),
        pytest.param(
            json.dumps({**ON_EMR, "spark": {"spark.hadoop.fs.s3a.secret.key": "gravel"}}),
            "'spark.hadoop.fs.s3a.secret.key' is what a secret is called, and everybody who sees it could read it. "
            "Keep it in a Kubernetes secret that env_from_secrets names; jobs of the launcher 'process' have it from "
            "the worker's own environment, those on EMR from EMR.secret@NAME.",
            id="secret among Spark's properties",
        ),
        pytest.param(
            "[]",
            'extra is not a JSON object. Write {"launcher": "kubernetes", …}.',
            id="a list",
        ),
        pytest.param(
            "{",
            "extra is not valid JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)). "
            "Correct the extra field.",
            id="broken JSON",
        ),
    ],
)
def test_wrong_extra_is_named(extra: str, message: str) -> None:
    with pytest.raises(SluiceConfigError) as error:
        parse_extra("lab", extra)

    assert str(error.value) == f"Cannot use connection 'lab': {message}"


def test_a_secret_of_aws_is_named_and_not_written_out() -> None:
    env = {"LAKE_PASSWORD": "EMR.secret@arn:aws:secretsmanager:eu-west-1:123456789012:secret:lake"}

    assert parse_extra("c", json.dumps({**ON_EMR, "env": env})).env == env


def test_missing_connection_says_what_to_create(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_: SluiceHook, conn_id: str) -> None:
        raise AirflowNotFoundException(conn_id)

    monkeypatch.setattr(SluiceHook, "get_connection", nowhere)

    with pytest.raises(SluiceConfigError) as error:
        SluiceHook("nowhere").get_conn()

    assert str(error.value) == (
        "Cannot find connection 'nowhere'. Create it with type 'sluice' and an extra like "
        '{"launcher": "kubernetes", "namespace": "jobs"} or {"launcher": "process", "home": "/jars"}.'
    )


def test_connection_of_another_type_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_LAKE", '{"conn_type": "aws"}')

    with pytest.raises(SluiceConfigError) as error:
        SluiceHook("lake").get_conn()

    assert str(error.value) == "Cannot use connection 'lake': it is of type 'aws'. Make it one of type 'sluice'."


def test_test_connection_of_process_names_java_and_jars(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    java = tmp_path / "java"
    java.write_text("#!/bin/sh\necho 'openjdk version \"17\"' >&2\n")
    java.chmod(0o755)
    extra = {"launcher": "process", "java": str(java), "home": str(tmp_path)}
    monkeypatch.setenv("AIRFLOW_CONN_LAB", json.dumps({"conn_type": "sluice", "extra": extra}))

    assert SluiceHook("lab").test_connection() == (
        False,
        f"Cannot launch jobs: jars: {tmp_path} holds none. "
        "Build a project, or correct 'home' in the connection's extra.",
    )
    (tmp_path / "flights.jar").touch()
    assert SluiceHook("lab").test_connection() == (True, 'java: openjdk version "17"; jars: flights.jar')


def test_test_connection_names_everything_that_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    extra = {"launcher": "process", "java": "/nowhere/java", "home": "/nowhere"}
    monkeypatch.setenv("AIRFLOW_CONN_LAB", json.dumps({"conn_type": "sluice", "extra": extra}))

    well, said = SluiceHook("lab").test_connection()

    java, jars = said.splitlines()
    assert not well
    assert java.startswith("Cannot launch jobs: java: '/nowhere/java' does not run: No such file or directory. Install")
    assert jars.startswith("Cannot launch jobs: jars: /nowhere holds none. Build a project")


def test_test_connection_without_a_cluster_says_what_to_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kubernetes.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION", str(tmp_path / "none"))
    monkeypatch.setenv("AIRFLOW_CONN_LAB", json.dumps({"conn_type": "sluice", "extra": {"namespace": "jobs"}}))

    well, said = SluiceHook("lab").test_connection()

    assert not well
    assert said.startswith("Cannot launch jobs: cluster: there is no way to it: ")
    assert said.endswith("Name a kubernetes_conn_id in the connection's extra, or set KUBECONFIG.")
