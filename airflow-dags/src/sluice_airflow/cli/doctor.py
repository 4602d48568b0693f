"""``sluice-airflow doctor``: what could keep jobs from running."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from sluice_airflow.doctor import Finding

HELP = "look at all that jobs need, and say what cures what is wrong"
DESCRIPTION = (
    "Looks at the connection, the cluster or the JVM, the lake and the triggerer. Changes nothing, unless --start "
    "is given: then each image is started in a pod that prints its help and is deleted. "
    "Exit code 1 if anything is wrong; what could not be looked at is marked with '?' and no fault."
)

MARKS = {"ok": "ok", "wrong": "WRONG", "unknown": "?"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument(
        "--conn-id", default="sluice_default", metavar="ID", help="connection (default: sluice_default)"
    )
    parser.add_argument("--manifest", metavar="FILE", help="look at the pods of this manifest's jobs")
    parser.add_argument("--api-url", metavar="URL", help="Airflow's address (default: [api] base_url)")
    parser.add_argument(
        "--start", action="store_true", help="start a pod of each image: the only proof that nodes can pull and run it"
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: argparse.Namespace, out: TextIO) -> int:
    """Look at everything; return 1 if anything is wrong."""
    findings = []
    for finding in _look(arguments):
        findings.append(finding)
        if not arguments.json:
            out.write(_line(finding))
            out.flush()
    if arguments.json:
        out.write(json.dumps([{**asdict(f), "state": f.state.value} for f in findings], indent=2) + "\n")
    return 1 if any(finding.state.value == "wrong" for finding in findings) else 0


def _look(arguments: argparse.Namespace) -> Iterator[Finding]:
    from sluice_airflow.doctor import ok, wrong
    from sluice_airflow.doctor.airflow import look_at_triggerer
    from sluice_airflow.doctor.lake import look_at_lake
    from sluice_airflow.doctor.launch import look_at_launch
    from sluice_airflow.exceptions import SluiceConfigError
    from sluice_airflow.hooks.sluice import SluiceHook
    from sluice_airflow.manifest import Manifest
    from sluice_airflow.profile import profile_of

    try:
        settings = SluiceHook(arguments.conn_id).get_conn()
    except SluiceConfigError as error:
        yield wrong("connection", str(error), "Correct it as the line says; nothing else can be looked at before.")
        return
    yield ok("connection", f"{arguments.conn_id}, launcher {settings.launcher}")
    manifest = Manifest.load(arguments.manifest) if arguments.manifest else None
    try:
        profile = profile_of(settings.profile, project=manifest.project if manifest else "", job="")
    except SluiceConfigError as error:
        yield wrong("profile", str(error), "Correct it as the line says; nothing else can be looked at before.")
        return
    literals = {name: value for name, value in profile.env.items() if isinstance(value, str)}
    lake = replace(settings, env={**settings.env, **literals})
    yield from look_at_launch(settings, manifest, start=arguments.start)
    yield from look_at_lake(lake)
    yield look_at_triggerer(arguments.api_url or _base_url())


def _base_url() -> str:
    from sluice_airflow._compat import conf

    return str(conf.get("api", "base_url", fallback="") or "http://localhost:8080")


def _line(finding: Finding) -> str:
    cure = f"\n{'':<24}→ {finding.fix}" if finding.fix else ""
    return f"{MARKS[finding.state.value]:<6} {finding.check:<16} {finding.says}{cure}\n"
