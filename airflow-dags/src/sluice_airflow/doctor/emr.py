"""Looks at EMR: what the launcher refuses; whether application or virtual cluster takes jobs; their image and role."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.doctor import Finding, ok, unknown, wrong
from sluice_airflow.doctor.pods import NO_IMAGE, requests
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers import JobRequest, LaunchOptions
from sluice_airflow.launchers.emr_api import TROUBLE, Place, aws_message, error_code
from sluice_airflow.launchers.emr_job import HOME, emr_job
from sluice_airflow.manifest import Manifest
from sluice_airflow.profile import JobProfile

#: Who must be trusted by the role of jobs on EMR Serverless.
SERVICE = "emr-serverless.amazonaws.com"

LINE = "Correct it as the line says."

NO_JOBS = "EMR's own image holds no jobs"


def look_at_emr(settings: ConnectionSettings, manifest: Manifest | None) -> Iterator[Finding]:
    """Look at what a job run needs."""
    try:
        asked = list(requests(settings, manifest))
    except SluiceConfigError as error:
        yield wrong("profile", str(error), LINE)
        return
    if manifest is not None:
        yield from _jobs(settings, asked)
    place = Place.of(settings)
    try:
        client = place.client(settings.launcher)
        if settings.launcher == "emr-serverless":
            application = client.get_application(applicationId=place.home)["application"]
            yield _application(application)
            yield _image(settings, application.get("imageConfiguration", {}).get("imageUri"), "the application")
        else:
            yield _virtual_cluster(client.describe_virtual_cluster(id=place.home)["virtualCluster"])
            images = {request.image for request, _ in asked if request.image and request.image != NO_IMAGE}
            yield _image(settings, ", ".join(sorted(images)), "the connection")
    except TROUBLE as trouble:
        yield wrong("emr", f"{place.home}: {aws_message(trouble)}", "Correct the connection, or the rights in AWS.")
        return
    yield _role(settings, place)


def _jobs(settings: ConnectionSettings, asked: Iterable[tuple[JobRequest, JobProfile]]) -> Iterator[Finding]:
    """What the launcher refuses before it asks EMR, such as executors."""
    for request, profile in asked:
        try:
            emr_job(request, settings, LaunchOptions(profile=profile))
        except SluiceConfigError as error:
            yield wrong("job", str(error), LINE)


def _application(application: Mapping[str, Any]) -> Finding:
    says = f"application {application['applicationId']} of {application.get('releaseLabel')} is {application['state']}"
    if application["state"] in ("STARTED", "STARTING"):
        return ok("emr", says)
    if application["state"] not in ("CREATED", "STOPPED"):
        return wrong("emr", says, "Create another, and name that.")
    if not application.get("autoStartConfiguration", {}).get("enabled", True):
        return wrong("emr", f"{says} and does not start by itself", "Start it, or let it start with its jobs.")
    return ok("emr", says)


def _virtual_cluster(cluster: Mapping[str, Any]) -> Finding:
    says = f"virtual cluster {cluster['id']} is {cluster['state']}"
    return ok("emr", says) if cluster["state"] == "RUNNING" else wrong("emr", says, "Create another, and name that.")


def _image(settings: ConnectionSettings, image: str | None, whose: str) -> Finding:
    home = settings.home or HOME
    if home.startswith("local:") and not image:
        return wrong("image", f"{whose} names none, and {NO_JOBS}", f"Name one that is built on EMR's and has {home}.")
    return ok("image", f"{image or NO_JOBS}, jars in {home}")


def _role(settings: ConnectionSettings, place: Place) -> Finding:
    name = str(settings.execution_role_arn).rpartition("/")[2]
    try:
        role = place.client("iam").get_role(RoleName=name)["Role"]
    except TROUBLE as trouble:
        if error_code(trouble) == "NoSuchEntity":
            return wrong("role", f"{name} does not exist", "Create it, or correct execution_role_arn.")
        return unknown("role", f"{name}: {aws_message(trouble)}", "Ask as somebody who may iam:GetRole.")
    if settings.launcher == "emr-serverless" and SERVICE not in json.dumps(role["AssumeRolePolicyDocument"]):
        return wrong("role", f"{name} does not trust {SERVICE}", "Add it to the role's trust policy.")
    return ok("role", f"{name} is there")
