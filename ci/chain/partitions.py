"""Some hundred partitions of one table, straight through a connector: more than fit into one of its calls."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from readers import Lake
from sluice import SHORT_LIVED


def run(jar: Path, environment: dict[str, str]) -> None:
    """Add, point and drop partitions of the table ``many.days`` in a lake."""
    program = Path(__file__).with_name("Partitions.java")
    command = ["java", *SHORT_LIVED, "-cp", f"{jar}:{jar.parent}/lib/*", str(program)]
    subprocess.run(command, env={**os.environ, **environment}, check=True)


def check(lake: Lake, warehouse: str) -> None:
    """Fail unless ``many.days`` is as ``run`` leaves it."""
    found = {int(p["Values"][0]): p["StorageDescriptor"]["Location"] for p in lake.partitions("many.days")}
    assert found == {
        day: f"{warehouse}/many/days/day={day}/{'second' if day >= 400 else 'first'}" for day in range(60, 650)
    }
