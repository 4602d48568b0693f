"""EMR Serverless and EMR on EKS, as far as a launch needs them, in one shape; and the S3 that jobs leave things in."""

from __future__ import annotations

import gzip
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
)

from sluice_airflow._compat import AirflowException
from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.joblog import parse
from sluice_airflow.launchers.emr_job import VARIABLES, EmrJob, task_of
from sluice_airflow.lifecycle import Stage

#: What is raised when something is wrong with AWS; anything else is a bug and passes.
TROUBLE = (AirflowException, BotoCoreError, ClientError)

#: What no retry will change.
HOPELESS = (AirflowException, NoCredentialsError, NoRegionError, ParamValidationError, PartialCredentialsError)

#: The clients ask twice more by themselves, with the same token; whoever waits for an answer asks on.
PATIENCE = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 3})

#: No receipt and no end of a log is larger.
MAX_BYTES = 16 << 20

LOG_TAIL = 8


@dataclass(frozen=True)
class Place:
    """Where a connection has its job runs; names only, so that a trigger may take it along."""

    launcher: str
    home: str  #: the application or the virtual cluster
    region: str | None = None
    aws_conn_id: str | None = None

    @classmethod
    def of(cls, settings: ConnectionSettings) -> Place:
        """Return what a connection says."""
        home = settings.application_id if settings.launcher == "emr-serverless" else settings.virtual_cluster_id
        return cls(settings.launcher, home or "", settings.region, settings.aws_conn_id)

    def to_json(self) -> dict[str, Any]:
        """Return plain values for a trigger."""
        return asdict(self)

    def client(self, service: str) -> Any:
        """Return a client of one of AWS' services, with the credentials of the Airflow connection or the machine's."""
        if self.aws_conn_id is None:
            return boto3.Session(region_name=self.region).client(service, config=PATIENCE)
        try:
            from airflow.providers.amazon.aws.hooks.base_aws import AwsBaseHook
        except ImportError as error:
            raise SluiceConfigError(
                f"Cannot use AWS connection '{self.aws_conn_id}': a package is missing ({error}). "
                "Install apache-airflow-providers-amazon, or leave aws_conn_id out to have the worker's own role."
            ) from None
        hook = AwsBaseHook(aws_conn_id=self.aws_conn_id, region_name=self.region, client_type=service)
        return hook.get_client_type(config=PATIENCE)

    def emr(self) -> Emr:
        """Return the jobs' EMR."""
        kind: type[Emr] = Serverless if self.launcher == "emr-serverless" else Containers
        return kind(self.client(self.launcher), self.home)


@dataclass(frozen=True)
class JobRun:
    """What EMR says of a job run."""

    id: str
    name: str
    state: str
    detail: str | None  #: its sentence
    reason: str | None  #: its word for why the run failed
    driver: Mapping[str, Any]
    properties: Mapping[str, str]

    @property
    def task(self) -> str:
        """Return what tells the task instance that it was started for from others."""
        return task_of(self.variable("SLUICE_STARTED_BY"), self.driver.get("entryPointArguments", ()))

    @property
    def token(self) -> str | None:
        """Return the run token that the driver was given."""
        return self.variable("SLUICE_RUN_TOKEN")

    def variable(self, name: str) -> str | None:
        """Return a variable that the driver was given."""
        return next((self.properties[key + name] for key in VARIABLES.values() if key + name in self.properties), None)


class Emr(ABC):
    """One of the two."""

    launcher: str
    stages: Mapping[str, Stage]  #: its states in the words of the life cycle
    succeeded: str  #: the state of a run that has ended with exit code 0
    cancelled: str = "CANCELLED"

    def __init__(self, client: Any, home: str):
        self.client, self.home = client, home

    @abstractmethod
    def start(self, job: EmrJob, token: str) -> str:
        """Start a job run, or find the one that was started with this token, and return its id."""

    @abstractmethod
    def read(self, run_id: str) -> JobRun:
        """Return a job run."""

    @abstractmethod
    def cancel(self, run_id: str) -> None:
        """End a job run."""

    @abstractmethod
    def log_folder(self, log_uri: str, run_id: str) -> str:
        """Return where the run's log is put."""

    def find(self, name: str) -> JobRun | None:
        """Return the oldest run of this name that has not ended."""
        found = sorted(self._summaries(name), key=lambda run: (run["createdAt"], run["id"]))
        return self.read(found[0]["id"]) if found else None

    def see(self, name: str, token: str, run_id: str | None) -> tuple[JobRun | None, str | None]:
        """Return a try's own run, or whichever has the name of the work; and the id of its own, once it is known.

        A run that has ended is found by its id alone.
        """
        found = self.read(run_id) if run_id else self.find(name)
        return found, found.id if found is not None and found.token == token else run_id

    @abstractmethod
    def _query(self, name: str) -> dict[str, Any]: ...

    def _summaries(self, name: str) -> Iterator[dict[str, Any]]:
        going = [state for state, stage in self.stages.items() if stage is not Stage.ENDED]
        for page in self.client.get_paginator("list_job_runs").paginate(**self._query(name), states=going):
            yield from (run for run in page["jobRuns"] if run.get("name") == name)


class Serverless(Emr):
    """EMR Serverless: an application runs jobs."""

    launcher = "emr-serverless"
    stages: Mapping[str, Stage] = {
        "SUBMITTED": Stage.UNSCHEDULED,
        "QUEUED": Stage.HELD,
        "PENDING": Stage.UNSCHEDULED,
        "SCHEDULED": Stage.STARTING,
        "RUNNING": Stage.RUNNING,
        "CANCELLING": Stage.LEAVING,
        "SUCCESS": Stage.ENDED,
        "FAILED": Stage.ENDED,
        "CANCELLED": Stage.ENDED,
    }
    succeeded = "SUCCESS"

    def start(self, job: EmrJob, token: str) -> str:
        """Start a job run, or find the one that was started with this token, and return its id."""
        limit = {"executionTimeoutMinutes": job.minutes} if job.minutes else {}
        answer = self.client.start_job_run(
            applicationId=self.home,
            clientToken=token,
            executionRoleArn=job.role,
            name=job.name,
            jobDriver={"sparkSubmit": job.driver()},
            configurationOverrides=job.overrides(),
            tags=dict(job.tags),
            **limit,
        )
        return str(answer["jobRunId"])

    def read(self, run_id: str) -> JobRun:
        """Return a job run."""
        run = self.client.get_job_run(applicationId=self.home, jobRunId=run_id)["jobRun"]
        return _job_run(run, run["jobRunId"], run["jobDriver"].get("sparkSubmit"))

    def cancel(self, run_id: str) -> None:
        """End a job run."""
        self.client.cancel_job_run(applicationId=self.home, jobRunId=run_id)

    def log_folder(self, log_uri: str, run_id: str) -> str:
        """Return where the run's log is put."""
        return f"{log_uri.rstrip('/')}/applications/{self.home}/jobs/{run_id}/"

    def _query(self, name: str) -> dict[str, Any]:
        return {"applicationId": self.home}


class Containers(Emr):
    """EMR on EKS: a virtual cluster runs jobs."""

    launcher = "emr-containers"
    stages: Mapping[str, Stage] = {
        "PENDING": Stage.UNSCHEDULED,
        "SUBMITTED": Stage.STARTING,
        "RUNNING": Stage.RUNNING,
        "CANCEL_PENDING": Stage.LEAVING,
        "COMPLETED": Stage.ENDED,
        "FAILED": Stage.ENDED,
        "CANCELLED": Stage.ENDED,
    }
    succeeded = "COMPLETED"

    def start(self, job: EmrJob, token: str) -> str:
        """Start a job run, or find the one that was started with this token, and return its id."""
        answer = self.client.start_job_run(
            virtualClusterId=self.home,
            clientToken=token,
            executionRoleArn=job.role,
            releaseLabel=job.release_label,
            name=job.name,
            jobDriver={"sparkSubmitJobDriver": job.driver()},
            configurationOverrides=job.overrides(),
            tags=dict(job.tags),
        )
        return str(answer["id"])

    def read(self, run_id: str) -> JobRun:
        """Return a job run."""
        run = self.client.describe_job_run(virtualClusterId=self.home, id=run_id)["jobRun"]
        return _job_run(run, run["id"], run["jobDriver"].get("sparkSubmitJobDriver"))

    def cancel(self, run_id: str) -> None:
        """End a job run."""
        self.client.cancel_job_run(virtualClusterId=self.home, id=run_id)

    def log_folder(self, log_uri: str, run_id: str) -> str:
        """Return where the run's log is put."""
        return f"{log_uri.rstrip('/')}/{self.home}/jobs/{run_id}/"

    def _query(self, name: str) -> dict[str, Any]:
        return {"virtualClusterId": self.home, "name": name}


def _job_run(run: Mapping[str, Any], run_id: str, driver: Mapping[str, Any] | None) -> JobRun:
    sections = run.get("configurationOverrides", {}).get("applicationConfiguration", ())
    return JobRun(
        id=run_id,
        name=run.get("name", ""),
        state=run["state"],
        detail=(run.get("stateDetails") or "").strip() or None,
        reason=run.get("failureReason"),
        driver=driver or {},
        properties={key: value for section in sections for key, value in section.get("properties", {}).items()},
    )


def aws_message(trouble: Exception) -> str:
    """Return AWS' own sentence."""
    if isinstance(trouble, ClientError):
        error = trouble.response["Error"]
        return f"{str(error.get('Message') or 'no reason was given').rstrip('.')} ({error['Code']})"
    return " ".join(str(trouble).split()).rstrip(".")[:300] or type(trouble).__name__


def error_code(trouble: Exception) -> str:
    """Return AWS' word for what is wrong, or an empty one."""
    return str(trouble.response["Error"]["Code"]) if isinstance(trouble, ClientError) else ""


def stored_text(s3: Any, uri: str) -> str | None:
    """Return a text in S3, or None if there is none."""
    address = urlsplit(uri)
    try:
        answer = s3.get_object(Bucket=address.netloc, Key=address.path.lstrip("/"))
    except ClientError as error:
        if error_code(error) == "NoSuchKey":
            return None
        raise
    return bytes(answer["Body"].read(MAX_BYTES)).decode(errors="replace")


def log_tail(s3: Any, folder: str) -> tuple[str, ...]:
    """Return the last lines of what the driver has said on either stream, or none: they are a courtesy."""
    try:
        return tuple(line for stream in ("stdout", "stderr") for line in _last_lines(s3, folder, stream))
    except (BotoCoreError, ClientError, OSError, EOFError, zlib.error):
        return ()


def _last_lines(s3: Any, folder: str, stream: str) -> list[str]:
    address = urlsplit(folder)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=address.netloc, Prefix=address.path.lstrip("/"))
    found = [item for page in pages for item in page.get("Contents", ()) if _is_log(item["Key"], stream)]
    if not found:
        return []
    newest = max(found, key=lambda item: item["LastModified"])["Key"]
    packed = s3.get_object(Bucket=address.netloc, Key=newest)["Body"].read(MAX_BYTES)
    text = gzip.decompress(packed).decode(errors="replace")
    return [parse(line)[1].text for line in text.splitlines() if line.strip()][-LOG_TAIL:]


def _is_log(key: str, stream: str) -> bool:
    folder, _, name = key.rpartition("/")
    return "driver" in folder.lower() and name.startswith(stream) and name.endswith(".gz")
