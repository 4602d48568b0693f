"""Looks at this machine, where the launcher is ``process``: the JVM and the jars."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.doctor import Finding, ok, wrong
from sluice_airflow.manifest import Manifest

MIN_JAVA = 17


def look_at_machine(settings: ConnectionSettings, manifest: Manifest | None) -> Iterator[Finding]:
    """Look at the java command and at the jars of the connection's home."""
    yield _java(settings.java)
    yield _jars(Path(settings.home or "."), manifest)


def _java(java: str) -> Finding:
    fix = f"Install a JDK {MIN_JAVA} or newer on every worker, or name its java in the connection's extra."
    try:
        done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=30, check=True)  # noqa: S603
    except OSError as error:
        return wrong("java", f"'{java}' does not run: {error.strerror}", fix)
    except subprocess.SubprocessError as error:
        return wrong("java", f"'{java}' does not run: {error}", fix)
    first = (done.stderr or done.stdout).splitlines()[0] if done.stderr or done.stdout else ""
    version = re.search(r'"(?:1\.)?(\d+)', first)
    if version is None or int(version[1]) < MIN_JAVA:
        return wrong("java", f"'{java}' is {first or 'of no version'}", fix)
    return ok("java", first)


def _jars(home: Path, manifest: Manifest | None) -> Finding:
    if manifest is not None:
        jar = home / f"{manifest.project}.jar"
        if not jar.is_file():
            return wrong(
                "jars", f"{jar} does not exist", "Build the project, or correct 'home' in the connection's extra."
            )
        return ok("jars", str(jar))
    jars = sorted(jar.name for jar in home.glob("*.jar"))
    if not jars:
        return wrong("jars", f"{home} holds none", "Build a project, or correct 'home' in the connection's extra.")
    return ok("jars", ", ".join(jars))
