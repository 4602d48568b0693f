"""Looks at what a launch needs, whichever launcher the connection names."""

from __future__ import annotations

from collections.abc import Iterator

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.doctor import Finding, wrong
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.manifest import Manifest


def look_at_launch(
    settings: ConnectionSettings, manifest: Manifest | None = None, *, start: bool = False
) -> Iterator[Finding]:
    """Look at the machine, at the cluster or at EMR.

    :param manifest: look at the pods or the jar of its jobs; without one, at those of an imaginary job.
    :param start: start a pod of each image as well; means nothing elsewhere.
    """
    if settings.launcher == "process":
        from sluice_airflow.doctor.machine import look_at_machine

        yield from look_at_machine(settings, manifest)
        return
    if settings.on_emr:
        yield from _look_at_emr(settings, manifest)
        return
    from sluice_airflow.doctor.pods import probes

    try:
        pods = probes(settings, manifest)
    except SluiceConfigError as error:
        yield wrong("pods", str(error), "Correct it as the line says.")
        return
    try:
        from sluice_airflow.doctor.cluster import look_at_cluster
    except ImportError as error:
        yield wrong("cluster", f"a package is missing: {error}", "Install airflow-provider-sluice[kubernetes].")
        return
    yield from look_at_cluster(settings, pods, start=start)


def _look_at_emr(settings: ConnectionSettings, manifest: Manifest | None) -> Iterator[Finding]:
    try:
        from sluice_airflow.doctor.emr import look_at_emr
    except ImportError as error:
        yield wrong("emr", f"a package is missing: {error}", "Install airflow-provider-sluice[emr].")
        return
    yield from look_at_emr(settings, manifest)
