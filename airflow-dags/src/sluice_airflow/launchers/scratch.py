"""How much disk a job's pods may fill, and of which kind: rows of shuffles and what memory does not hold lie there."""

from __future__ import annotations

from collections.abc import Mapping

from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.launchers.layers import Layer
from sluice_airflow.retries import bytes_of

#: Keys of resources that say something of disks.
KEYS = ("scratch", "scratch_class")

#: Spark's place for what it puts on disk, as every pod of a job has it.
VOLUME = "tmp"


def scratch_layer(resources: Mapping[str, str], job: str) -> Layer | None:
    """Return the volume as resources want it, or None where they say nothing.

    Without a class it is the node's own disk: a pod that fills more is evicted, and is not put where there is less.
    With one, each pod has a volume of that storage class, which is made and goes with it.
    """
    size, kind = (resources.get(key) for key in KEYS)
    if size is None:
        if kind is not None:
            raise SluiceConfigError(
                f"Cannot give job '{job}' scratch space of storage class '{kind}': nobody says how much. "
                "Add scratch to its resources, e.g. 20Gi."
            )
        return None
    bytes_of(size)
    if kind is None:
        container = {"name": "base", "resources": {"requests": {"ephemeral-storage": size}}}
        volume = {"name": VOLUME, "emptyDir": {"sizeLimit": size}}
        return Layer("scratch", {"spec": {"containers": [container], "volumes": [volume]}})
    claim = {"accessModes": ["ReadWriteOnce"], "storageClassName": kind, "resources": {"requests": {"storage": size}}}
    template = {"volumeClaimTemplate": {"spec": claim}}
    return Layer("scratch", {"spec": {"volumes": [{"name": VOLUME, "ephemeral": template}]}})
