"""What is asked of a launcher for a manifest's jobs, and the pods they would have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.launchers import Declared, JobRequest
from sluice_airflow.launchers.pod import pod_spec
from sluice_airflow.manifest import Job, Manifest
from sluice_airflow.profile import JobProfile, profile_of

#: Stands in for the image where none is known; a dry run pulls nothing.
NO_IMAGE = "sluice-doctor-without-a-manifest"


@dataclass(frozen=True)
class Probe:
    """The pod of one job, as it would be launched now."""

    job: str
    pod: Mapping[str, Any]

    @property
    def namespace(self) -> str | None:
        """The namespace it names."""
        namespace: str | None = self.pod["metadata"].get("namespace")
        return namespace

    @property
    def image(self) -> str:
        """The job's image."""
        return str(self._job_container["image"])

    @property
    def pull_policy(self) -> str | None:
        """When the image is pulled."""
        return self._job_container.get("imagePullPolicy")

    @property
    def service_account(self) -> str:
        """The service account that it runs as."""
        return str(self.pod["spec"].get("serviceAccountName", "default"))

    @property
    def pull_secrets(self) -> list[str]:
        """The secrets for the registry that the pod itself names."""
        return [secret["name"] for secret in self.pod["spec"].get("imagePullSecrets", ())]

    @property
    def secrets(self) -> Iterator[str]:
        """The secrets without which it would not start."""
        for container in self.pod["spec"]["containers"]:
            for source in container.get("envFrom", ()):
                yield from _named(source.get("secretRef"))
            for variable in container.get("env", ()):
                yield from _named(variable.get("valueFrom", {}).get("secretKeyRef"))

    @property
    def needs(self) -> dict[str, str]:
        """What it takes of a quota, by the quota's words."""
        resources = self._job_container.get("resources", {})
        asked = {kind: resources.get(kind, {}) for kind in ("requests", "limits")}
        needs = {f"{kind}.{name}": str(amount) for kind in asked for name, amount in asked[kind].items()}
        plain = {name: str(amount) for name, amount in asked["requests"].items()}
        return {**plain, **needs, "pods": "1", "count/pods": "1"}

    @property
    def _job_container(self) -> Mapping[str, Any]:
        return next(container for container in self.pod["spec"]["containers"] if container["name"] == "base")


def probes(settings: ConnectionSettings, manifest: Manifest | None) -> list[Probe]:
    """Return the pods of all jobs of a manifest; without one that of an imaginary job."""
    return [_probe(settings, request, profile) for request, profile in requests(settings, manifest)]


def requests(settings: ConnectionSettings, manifest: Manifest | None) -> Iterator[tuple[JobRequest, JobProfile]]:
    """Return what is asked of a launcher for each job of a manifest, and what the environment wants of it."""
    project = manifest.project if manifest else "doctor"
    image = manifest.image if manifest else NO_IMAGE
    for job in manifest.jobs if manifest else (Job(name="doctor", kind="extract"),):
        profile = profile_of(settings.profile, project=project, job=job.name)
        yield _request(settings, project, image, job, profile), profile


def _request(
    settings: ConnectionSettings, project: str, image: str | None, job: Job, profile: JobProfile
) -> JobRequest:
    return JobRequest(
        project=project,
        job=job.name,
        arguments=job.command,
        run_token="doctor",  # noqa: S106 - the token proves, it does not protect
        dag_id="doctor",
        task_id=job.name,
        run_id="doctor",
        try_number=1,
        image=profile.image or settings.image or image,
        resources={**job.resources, **profile.resources},
        declared=Declared(image, job.resources),
    )


def _probe(settings: ConnectionSettings, request: JobRequest, profile: JobProfile) -> Probe:
    if request.image == NO_IMAGE:  # that no image is known yet is no fault of the connection
        settings = replace(settings, strict=False)
    return Probe(request.job, pod_spec(request, settings, profile=profile))


def _named(reference: Mapping[str, Any] | None) -> Iterator[str]:
    if reference and not reference.get("optional"):
        yield str(reference["name"])
