"""The job run that EMR is asked for, as plain values, so that golden files can pin it."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers import JobRequest, LaunchOptions
from sluice_airflow.launchers.pod import DEFAULT_RESOURCES, MARGIN, pod_name
from sluice_airflow.launchers.scale import HEAP_SHARE, scale_of
from sluice_airflow.profile import JobProfile
from sluice_airflow.retries import bytes_of
from sluice_airflow.secret_literals import refuse_secret

MAIN = "dev.sluice.runtime.cli.Main"

#: Where the image that is built on EMR's has the projects' jars, unless the connection says otherwise.
HOME = "local:///app"

#: What the image's own JVM has beside Spark's module options, which spark-submit adds by itself.
JVM_OPTIONS = "-XX:-DontCompileHugeMethods"

#: How many virtual CPUs a worker of EMR Serverless may have.
SERVERLESS_CPUS = (1, 2, 4, 8, 16)

#: EMR Serverless takes no shorter limit.
SHORTEST_MINUTES = 5

#: What variables of the driver are called among Spark's properties.
VARIABLES = {"emr-serverless": "spark.emr-serverless.driverEnv.", "emr-containers": "spark.kubernetes.driverEnv."}

#: What the image's command line leaves its last words in: a file, or an address.
MESSAGE = "SLUICE_TERMINATION_MESSAGE"

INSTEAD = "Keep it in AWS Secrets Manager, and write EMR.secret@SECRET instead."


@dataclass(frozen=True)
class EmrJob:
    """What to run, for either kind of EMR."""

    job: str
    name: str  #: of the work, as a pod's
    work: tuple[Any, ...]  #: the try it is run for
    entry_point: str
    arguments: tuple[str, ...]
    properties: Mapping[str, str]  #: of Spark
    tags: Mapping[str, str]
    messages: str  #: the folder in S3 for what tries leave as their termination messages
    role: str | None
    memory: str | None = None
    release_label: str | None = None
    minutes: int | None = None  #: after which EMR ends it by itself
    image: str | None = None
    log_uri: str | None = None

    @property
    def task(self) -> str:
        """Return what tells the task instance from others."""
        started_by = next(value for name, value in self.properties.items() if name.endswith(".SLUICE_STARTED_BY"))
        return task_of(started_by, self.arguments)

    def message_address(self, run_token: str) -> str:
        """Return where a try leaves its termination message; the token is nobody else's."""
        return message_address(self.messages, run_token)

    def client_token(self, *launch: int | str) -> str:
        """Return what EMR knows a request by that is sent again: the same for one launch of one try of the work."""
        return hashlib.sha256(json.dumps([self.name, *self.work, *launch]).encode()).hexdigest()

    def driver(self) -> dict[str, Any]:
        """Return what spark-submit is given."""
        return {
            "entryPoint": self.entry_point,
            "entryPointArguments": list(self.arguments),
            "sparkSubmitParameters": f"--class {MAIN}",
        }

    def overrides(self) -> dict[str, Any]:
        """Return the configuration of this run. Properties stand here, where nothing has to be quoted."""
        spark = {"classification": "spark-defaults", "properties": dict(self.properties)}
        logs = {"monitoringConfiguration": {"s3MonitoringConfiguration": {"logUri": self.log_uri}}}
        return {"applicationConfiguration": [spark], **(logs if self.log_uri else {})}


def emr_job(request: JobRequest, settings: ConnectionSettings, options: LaunchOptions) -> EmrJob:
    """Return the job run of a request."""
    timeout: timedelta | None = options.execution_timeout
    image = _image(request, settings)
    return EmrJob(
        job=request.job,
        name=pod_name(request),
        work=(request.dag_id, request.task_id, request.run_id, request.map_index, request.try_number),
        entry_point=f"{(settings.home or HOME).rstrip('/')}/{request.project}.jar",
        arguments=request.arguments,
        properties={
            **_resources(request, settings.launcher),
            "spark.driver.extraJavaOptions": JVM_OPTIONS,
            **({"spark.kubernetes.container.image": image} if image else {}),
            **settings.spark,
            **_variables(request, settings, options.profile, image),
        },
        tags={
            "app.kubernetes.io/managed-by": "sluice",
            "sluice.dev/project": _tag(request.project),
            "sluice.dev/job": _tag(request.job),
        },
        messages=settings.receipt_root or "",
        role=settings.execution_role_arn,
        memory=request.resources.get("memory"),
        release_label=settings.release_label,
        minutes=max(math.ceil((timeout + MARGIN) / timedelta(minutes=1)), SHORTEST_MINUTES) if timeout else None,
        image=image,
        log_uri=settings.log_uri,
    )


def task_of(started_by: str | None, arguments: Sequence[str]) -> str:
    """Return what tells a task instance from others; mapped ones differ in where they leave their receipts."""
    copy = arguments[arguments.index("--receipt") + 1] if "--receipt" in arguments else None
    return f"{started_by} {copy}"


def message_address(root: str, run_token: str) -> str:
    """Return where the try with a token leaves its termination message."""
    return f"{root.rstrip('/')}/_messages/{run_token}.json"


def _image(request: JobRequest, settings: ConnectionSettings) -> str | None:
    """Return the image of the job run; one of EMR Serverless has its application's."""
    if settings.launcher == "emr-serverless" or not request.image:
        return None
    if settings.strict and not re.search(r"@sha256:[0-9a-f]{64}$", request.image):
        raise SluiceConfigError(
            f"Cannot launch job '{request.job}': the connection is strict, and image {request.image} is named by a "
            "tag, which may mean another image tomorrow. Name it by its digest: NAME@sha256:…"
        )
    return request.image


def _resources(request: JobRequest, launcher: str) -> dict[str, str]:
    """The driver is all there is: it runs Spark in its one process."""
    resources = {**DEFAULT_RESOURCES, **request.resources}
    if scale := scale_of(resources, request.job):
        raise SluiceConfigError(
            f"Cannot scale job '{request.job}' to '{scale.text}' on EMR: there a job runs in its driver alone. "
            "Say `scale: local` and more memory in the profile or in job_resources, or use a connection of Kubernetes."
        )
    memory = math.floor(bytes_of(resources["memory"]) / 2**20)
    heap = math.floor(memory * HEAP_SHARE)
    cpus = math.ceil(_cpus(resources["cpu"], request.job))
    if launcher == "emr-serverless":
        cpus = next((size for size in SERVERLESS_CPUS if size >= cpus), cpus)
    exact = {"spark.kubernetes.driver.request.cores": resources["cpu"]} if launcher == "emr-containers" else {}
    return {
        "spark.driver.cores": str(cpus),
        "spark.driver.memory": f"{heap}m",
        "spark.driver.memoryOverhead": f"{memory - heap}m",
        **exact,
    }


def _cpus(quantity: str, job: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(m?)", quantity)
    if match is None:
        raise SluiceConfigError(f"Cannot launch job '{job}': cpu '{quantity}' is no quantity. Write it as 2 or 500m.")
    return float(match[1]) / (1000 if match[2] else 1)


def _variables(
    request: JobRequest, settings: ConnectionSettings, profile: JobProfile, image: str | None
) -> dict[str, str]:
    address = message_address(settings.receipt_root or "", request.run_token)
    own = {**request.environment(), MESSAGE: address, **({"SLUICE_IMAGE": image} if image else {})}
    given = {**settings.env, **profile.env}
    for name, value in given.items():
        doing = f"Cannot launch job '{request.job}'"
        if not isinstance(value, str):
            raise SluiceConfigError(
                f"{doing}: the profile has {name} refer to something of Kubernetes, which EMR does not know. {INSTEAD}"
            )
        refuse_secret(name, value, doing=doing, instead=INSTEAD)
    return {VARIABLES[settings.launcher] + name: value for name, value in {**given, **own}.items()}


def _tag(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9 /_.:=+@-]+", "-", text)[:256]
