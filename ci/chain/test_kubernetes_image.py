"""The image of a project on a real node: how the JVM in it starts, and what of it is pushed."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pytest

from chain import Chain
from checks import MANIFEST
from waiting import awaited

pytestmark = pytest.mark.kubernetes
MIB = 1 << 20
OF_THE_ARCHIVE = "source: shared objects file"
OURS = re.compile(r"\] (dev\.sluice|org\.apache\.(spark|iceberg|hadoop))\..* source: ")
LOUD = "-Xshare:on -Xlog:class+load -XX:TieredStopAtLevel=1"  # on: a JVM without its archive does not start at all


@pytest.fixture(scope="module")
def image(manifest: Any) -> str:
    """The image of the flights jobs, by its digest."""
    name: str = json.loads(manifest.read_text(encoding="utf-8"))["image"]
    return name


def test_classes_come_from_the_archive(chain: Chain, image: str) -> None:
    said = _pod(chain, image, "warm-up", "/tmp/warm").splitlines()
    loaded = [line for line in said if OURS.search(line) and "Lambda" not in line]
    shared = [line for line in loaded if OF_THE_ARCHIVE in line]
    assert len(loaded) > 3000
    assert len(shared) / len(loaded) > 0.97, [line for line in loaded if OF_THE_ARCHIVE not in line][:20]


def test_a_change_of_the_jobs_pushes_less_than_a_megabyte(chain: Chain, image: str) -> None:
    layers = chain.cluster.layers(image)
    assert sum(layers) < 450 * MIB, [f"{size / MIB:.1f} MiB" for size in layers]
    # From the end: how the JVM starts, the manifest, the jobs' own classes and what they bring along.
    assert len([size for size in layers if size > MIB]) == 5, "base, its JVM, libraries of others and ours, archive"


@pytest.mark.skipif("SLUICE_IMAGE" in os.environ, reason="the image was given, not built")
def test_the_manifest_beside_the_image_names_what_was_pushed(image: str) -> None:
    assert json.loads(MANIFEST.read_text(encoding="utf-8"))["image"] == image


def _pod(chain: Chain, image: str, *arguments: str) -> str:
    """Run the image as a restricted pod without Airflow; return what it has said."""
    container = {
        "name": "base",
        "image": image,
        "args": arguments,
        "env": [{"name": "JDK_JAVA_OPTIONS", "value": LOUD}],
        "resources": {"limits": {"memory": "2Gi", "cpu": "2"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "image"},
        "spec": {
            "restartPolicy": "Never",
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65532,
                "runAsGroup": 65532,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "volumes": [{"name": "tmp", "emptyDir": {}}],
            "containers": [container],
        },
    }
    chain.cluster.kubectl("create", "-f", "-", given=json.dumps(pod))

    def status() -> Any:
        return json.loads(chain.cluster.kubectl("get", "pod", "image", "-o", "json"))["status"]

    def ended() -> str | None:
        phase: str = status()["phase"]
        return phase if phase in ("Succeeded", "Failed") else None

    phase = awaited(ended, status, 180)
    said = chain.cluster.kubectl("logs", "image")
    chain.cluster.kubectl("delete", "pod", "image", "--grace-period=1")
    assert phase == "Succeeded", said[-3000:]
    return said
