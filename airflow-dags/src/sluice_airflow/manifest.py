"""The manifest: what Airflow needs to know of an image, read from one small JSON file.

Reading it is all that parsing a DAG costs, so the shape is checked by hand: no schema library, no network,
no JVM. Keys that this version does not know are ignored; another major version is refused.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.nearest import did_you_mean

MAJOR = 1

#: Settings that every job has: where the lake is, and how Spark runs. They normally stand in the connection's ``env``.
COMMON_SETTINGS = frozenset(
    {
        "lake.audit-log",
        "lake.catalog",
        "lake.catalog.uri",
        "lake.delta.single-writer",
        "lake.glue.endpoint",
        "lake.glue.partition-index",
        "lake.glue.versions",
        "lake.hive.uri",
        "lake.keys",
        "lake.keys.keystore",
        "lake.kms.endpoint",
        "lake.longest-run",
        "lake.quarantine-kept",
        "lake.region",
        "lake.rest.oauth2-uri",
        "lake.rest.scope",
        "lake.rest.uri",
        "lake.rest.warehouse",
        "lake.s3.endpoint",
        "lake.s3.kms-key",
        "lake.s3.path-style",
        "lake.warehouse",
        "metrics.port",
        "metrics.statsd",
        "security.plaintext",
        "spark.cores",
        "spark.event-log",
        "spark.event-log-kept",
        "spark.executor-cpu",
        "spark.executor-memory",
        "spark.executor-wait",
        "spark.scale",
        "spark.shuffle-partitions",
        "spark.ui-port",
    }
)
#: The secrets among them; they come from the environment of the job.
COMMON_SECRETS = frozenset({"lake.keys.password", "lake.rest.credential", "lake.rest.token"})


@dataclass(frozen=True)
class Job:
    """One job of a manifest: what it reads, writes, needs and can be told."""

    name: str
    kind: str
    reads: tuple[str, ...] = ()
    writes: str | None = None
    description: str | None = None
    settings: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()  #: those of the settings whose values nobody may see
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  #: JSON Schema of each setting
    required: frozenset[str] = frozenset()  #: those of the settings that have no default
    resources: Mapping[str, str] = field(default_factory=dict)
    needs_interval: bool = False
    maintains: str | None = None  #: the table that it keeps in order, which is no job of its own in the image
    registers: str | None = None  #: the job whose table it registers, which is none either
    plans: str | None = None  #: the job that it only plans; it publishes nothing and leaves no receipt
    verifies: str | None = None  #: the job whose receipts it compares with the ledger; it leaves none either

    @property
    def command(self) -> tuple[str, ...]:
        """Return the words of the image's command line that run it."""
        if self.plans:
            return ("plan", self.plans)
        if self.verifies:
            return ("runs", "verify", self.verifies)
        if self.registers:
            return ("register", self.registers)
        return ("maintain", self.maintains) if self.maintains else ("run", self.name)

    @property
    def leaves_receipt(self) -> bool:
        """Return whether a receipt is its evidence."""
        return not (self.plans or self.verifies)

    @property
    def works_on_rows(self) -> bool:
        """Return whether executors would have anything to do."""
        return self.leaves_receipt and not self.registers

    @property
    def has_parts(self) -> bool:
        """Return whether it can be run for each part of an interval."""
        return self.needs_interval and self.command[0] == "run"

    def check_settings(self, names: Sequence[str], *, of: str) -> None:
        """Raise unless this job knows every one of the settings' names, and none of them is a secret."""
        known = self.settings | COMMON_SETTINGS
        for name in names:
            if name in self.secrets | COMMON_SECRETS:
                raise SluiceConfigError(
                    f"Cannot set '{name}' of job '{self.name}' in a DAG: it is a secret, and everybody could read it "
                    "in the task's rendered fields and the pod's arguments. "
                    f"Give it as {variable_of(name)} by the connection's env_from_secrets."
                )
            if name not in known:
                raise SluiceConfigError(
                    f"Cannot set '{name}' of job '{self.name}': {of} declares no such setting. "
                    f"{did_you_mean(name, self.settings)}"
                )


@dataclass(frozen=True)
class Manifest:
    """All jobs of one image, in the manifest's order."""

    path: str
    project: str
    jobs: tuple[Job, ...]
    image: str | None = None
    sdk_version: str | None = None
    maintenance: tuple[Job, ...] = ()  #: one for every table that declares what keeps it in order
    registrations: tuple[Job, ...] = ()  #: one for every job that writes a table
    plans: tuple[Job, ...] = ()  #: one for every job
    verifications: tuple[Job, ...] = ()  #: one for every job

    def job(self, name: str) -> Job:
        """Return the job of this name.

        ``maintain.TABLE`` is what keeps a table in order, ``register.JOB`` what registers the table of a job,
        ``plan.JOB`` what shows what the job would do, and ``verify.JOB`` what compares its receipts with the ledger.
        """
        for job in (*self.jobs, *self.maintenance, *self.registrations, *self.plans, *self.verifications):
            if job.name == name:
                return job
        raise SluiceConfigError(
            f"Cannot find job '{name}' in manifest {self.path}: the image has no such job. "
            f"{did_you_mean(name, [job.name for job in self.jobs])}"
        )

    def maintaining(self, table: str) -> Manifest:
        """Return the same with one more table that the image can keep in order, though no job declares it."""
        job = Job(name=f"maintain.{table}", kind="maintenance", description=f"Keeps {table} in order", maintains=table)
        return replace(self, maintenance=(*self.maintenance, job))

    @classmethod
    def load(cls, source: str | os.PathLike[str] | Manifest) -> Manifest:
        """Read a manifest file, once for every version of it; a manifest already read is returned as is."""
        if isinstance(source, Manifest):
            return source
        path = Path(source)
        try:
            stat = path.stat()
        except FileNotFoundError:
            raise SluiceConfigError(
                f"Cannot read manifest {path}: there is no such file. "
                "Write it with the image's `manifest --output FILE` and put it beside the DAG."
            ) from None
        except OSError as error:
            raise SluiceConfigError(
                f"Cannot read manifest {path}: {error.strerror}. Make it readable for Airflow."
            ) from None
        return _load(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _load(path: Path, _mtime_ns: int, _size: int) -> Manifest:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SluiceConfigError(
            f"Cannot read manifest {path}: {error.strerror}. Make it readable for Airflow."
        ) from None
    except ValueError as error:
        raise SluiceConfigError(f"Cannot read manifest {path}: it is not valid JSON ({error}). {_REBUILD}") from None
    return _manifest(_Node(document, "", str(path)))


_REBUILD = "Write it again with the image's `manifest --output FILE`; it is not meant to be edited."


class _Node:
    """A value of the document that knows its place, so that every complaint carries a JSON pointer."""

    def __init__(self, value: Any, pointer: str, path: str):
        self.value, self.pointer, self.path = value, pointer, path

    def wrong(self, wanted: str) -> SluiceConfigError:
        found = "nothing" if self.value is None else f"{json.dumps(self.value)[:60]}"
        return SluiceConfigError(
            f"Cannot read manifest {self.path}: {self.pointer or 'the document'} must be {wanted}, "
            f"but is {found}. {_REBUILD}"
        )

    def at(self, key: str) -> _Node:
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return _Node(self.value.get(key), f"{self.pointer}/{key}", self.path)

    def absent(self) -> bool:
        return self.value is None

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong("a text")
        return self.value

    def optional_text(self) -> str | None:
        return None if self.absent() else self.text()

    def items(self) -> list[_Node]:
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return [_Node(item, f"{self.pointer}/{i}", self.path) for i, item in enumerate(self.value)]

    def members(self) -> dict[str, _Node]:
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return {key: self.at(key) for key in self.value}

    def one_of(self, *words: str) -> str:
        if self.value not in words:
            raise self.wrong(f"one of {', '.join(words)}")
        return str(self.value)


def _manifest(root: _Node) -> Manifest:
    _check_version(root.at("manifest_version"))
    jobs = tuple(_job(node) for node in root.at("jobs").items())
    names = [job.name for job in jobs]
    for position, name in enumerate(names):
        if name in names[:position]:
            raise root.at("jobs").items()[position].at("name").wrong("a name that no other job has")
    return Manifest(
        path=root.path,
        project=root.at("project").text(),
        image=root.at("image").optional_text(),
        sdk_version=root.at("sdk_version").optional_text(),
        jobs=jobs,
        maintenance=_maintenance(root.at("tables"), jobs),
        registrations=tuple(_registration(job) for job in jobs if job.writes),
        plans=tuple(_plan(job) for job in jobs),
        verifications=tuple(_verification(job) for job in jobs),
    )


def _plan(job: Job) -> Job:
    description = f"Shows what {job.name} would read, write, check and register"
    return replace(
        job, name=f"plan.{job.name}", kind="plan", description=description, reads=(), writes=None, plans=job.name
    )


def _registration(job: Job) -> Job:
    description = f"Brings the catalog in line with the declaration of {job.writes}"
    return _beside(job, name=f"register.{job.name}", kind="registration", description=description, registers=job.name)


def _verification(job: Job) -> Job:
    description = f"Compares the receipts of {job.name} with the ledger of what it publishes"
    return _beside(job, name=f"verify.{job.name}", kind="verification", description=description, verifies=job.name)


def _beside(job: Job, **own: Any) -> Job:
    """What is done about a job's table, in the surroundings of the job."""
    return Job(settings=job.settings, secrets=job.secrets, resources=job.resources, **own)


def _maintenance(tables: _Node, jobs: tuple[Job, ...]) -> tuple[Job, ...]:
    if tables.absent():
        return ()
    return tuple(_maintained(node, jobs) for node in tables.items() if not node.at("maintenance").absent())


def _maintained(node: _Node, jobs: tuple[Job, ...]) -> Job:
    """A run that needs what the job needs that writes the table."""
    table = node.at("name").text()
    steps = [step.at("step").text() for step in node.at("maintenance").items()]
    writer = next((job for job in jobs if job.writes == table), None)
    return Job(
        name=f"maintain.{table}",
        kind="maintenance",
        description=f"Keeps {table} in order: {', '.join(steps)}",
        resources=writer.resources if writer else {},
        maintains=table,
    )


def _check_version(node: _Node) -> None:
    version = node.text()
    if version.split(".")[0] != str(MAJOR):
        raise SluiceConfigError(
            f"Cannot read manifest {node.path}: its version is {version}, and this provider reads {MAJOR}.x. "
            "Install the airflow-provider-sluice that belongs to the image's SDK."
        )


def _job(node: _Node) -> Job:
    write = node.at("write")
    if write.at("table").absent() and write.at("sink").absent():
        raise write.wrong("an object with a table or a sink")
    resources = node.at("resources")
    properties = _properties(node.at("settings"))
    interval = node.at("interval")
    return Job(
        name=node.at("name").text(),
        kind=node.at("kind").one_of("extract", "transform", "load"),
        description=node.at("description").optional_text(),
        reads=tuple(read.at("table").text() for read in node.at("reads").items() if read.at("table").value),
        writes=write.at("table").optional_text(),
        settings=frozenset(properties),
        secrets=frozenset(name for name, node in properties.items() if node.at("format").value == "password"),
        schemas={name: node.value for name, node in properties.items()},
        required=frozenset(_required(node.at("settings"))),
        resources={} if resources.absent() else {key: node.text() for key, node in resources.members().items()},
        needs_interval=not interval.absent() and interval.one_of("required", "none") == "required",
    )


def _properties(settings: _Node) -> dict[str, _Node]:
    if settings.absent() or settings.at("properties").absent():
        return {}
    return settings.at("properties").members()


def _required(settings: _Node) -> list[str]:
    if settings.absent() or settings.at("required").absent():
        return []
    return [name.text() for name in settings.at("required").items()]


def variable_of(setting: str) -> str:
    """Return the environment variable by which a job is told a setting, e.g. ``SLUICE_LAKE_KEYS_PASSWORD``."""
    return "SLUICE_" + re.sub(r"[^A-Z0-9]", "_", setting.upper())
