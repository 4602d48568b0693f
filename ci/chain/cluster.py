"""A Kubernetes to run pods in: the one that KUBECONFIG names, or the one of ci/cluster."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services import ROOT, script
from waiting import awaited

NAMESPACE = "sluice"
NOT_HERE = 69
PATIENCE = 180


class NoClusterError(Exception):
    """This machine cannot have one; the message says why in one line."""


@dataclass(frozen=True)
class Cluster:
    """A cluster, the registry that it pulls from, and the address at which its pods find this machine."""

    env: dict[str, str]
    registry: str
    host: str

    @classmethod
    def up(cls, until: ExitStack) -> Cluster:
        """Find or start a cluster; one that was started here is ended with the stack."""
        names = ("KUBECONFIG", "SLUICE_REGISTRY", "SLUICE_HOST")
        if "KUBECONFIG" in os.environ:
            missing = [name for name in names if name not in os.environ]
            if missing:
                raise NoClusterError(
                    f"Cannot use the cluster of KUBECONFIG: {' and '.join(missing)} must be set as well"
                )
            return cls(dict(os.environ), os.environ["SLUICE_REGISTRY"], os.environ["SLUICE_HOST"])
        if subprocess.run([ROOT / "ci/cluster", "status"], capture_output=True).returncode != 0:
            until.callback(script, "cluster", "down")
        started = subprocess.run([ROOT / "ci/cluster", "up"], capture_output=True, text=True)
        if started.returncode == NOT_HERE:
            raise NoClusterError(started.stderr.strip().splitlines()[-1])
        assert started.returncode == 0, started.stderr
        found = subprocess.run(
            ["bash", "-c", 'set -a; eval "$1"; exec env -0', "bash", started.stdout], capture_output=True, text=True
        )
        env = dict(line.split("=", 1) for line in found.stdout.split("\0") if "=" in line)
        return cls(env, env["SLUICE_REGISTRY"], env["SLUICE_HOST"])

    def kubectl(self, *arguments: str, given: str | None = None) -> str:
        """Run kubectl in the jobs' namespace."""
        command = ["kubectl", "--namespace", NAMESPACE, *arguments]
        done = subprocess.run(command, input=given, capture_output=True, text=True, env=self.env)
        assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
        return done.stdout

    def namespace(self, until: ExitStack) -> None:
        """Make the jobs' namespace as containers/ declares it: restricted pods, and rights for who launches them."""
        delete = ("delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=true")
        self.kubectl(*delete)  # a run that was interrupted has left its own
        until.callback(self.kubectl, *delete)
        for name in ("rbac", "network-policy", "executors"):
            self.kubectl("apply", "-f", str(ROOT / f"containers/{name}.yaml"))

    def secret(self, name: str, values: dict[str, str]) -> None:
        """Make a secret, or change it."""
        secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": values}
        self.kubectl("delete", "secret", name, "--ignore-not-found")
        self.kubectl("create", "-f", "-", given=json.dumps(secret))

    def kubeconfig_of(self, account: str, file: Path) -> Path:
        """Write a kubeconfig that has the rights of a service account and no others."""
        token = self.kubectl("create", "token", account, "--duration", "2h").strip()
        view = json.loads(self.kubectl("config", "view", "--minify", "--flatten", "-o", "json"))
        user = view["contexts"][0]["context"]["user"]
        view["users"] = [{"name": user, "user": {"token": token}}]
        file.write_text(json.dumps(view), encoding="utf-8")
        file.chmod(0o600)
        return file

    def pods(self, job: str | None = None) -> list[dict[str, Any]]:
        """List the pods of a job, or of all."""
        selector = ["-l", f"sluice.dev/job={job}"] if job else []
        found: list[dict[str, Any]] = json.loads(self.kubectl("get", "pods", *selector, "-o", "json"))["items"]
        return found

    def executors(self) -> list[dict[str, Any]]:
        """List the pods of executors that run."""
        found = json.loads(self.kubectl("get", "pods", "-l", "sluice.dev/role=executor", "-o", "json"))["items"]
        return [pod for pod in found if pod["status"]["phase"] == "Running"]

    def await_no_pods(self) -> None:
        """Wait until every pod is gone; one that is deleted has 30 seconds to end."""

        def stay() -> list[str]:
            return [f"{pod['metadata']['name']}: {json.dumps(pod['status'])}" for pod in self.pods()]

        awaited(lambda: None if self.pods() else True, lambda: f"pods stay: {stay()}", PATIENCE)

    def await_log(self, job: str, words: str) -> dict[str, Any]:
        """Wait until a pod of a job says something; return the pod."""
        said: dict[str, str] = {}

        def found() -> dict[str, Any] | None:
            for pod in self.pods(job):
                name = pod["metadata"]["name"]
                got = subprocess.run(
                    ["kubectl", "-n", NAMESPACE, "logs", name], capture_output=True, text=True, env=self.env
                )
                said[name] = got.stdout
                if words in said[name]:
                    return pod
            return None

        return awaited(found, lambda: f"No pod of {job} says '{words}' within {PATIENCE} s: {said}", PATIENCE)

    def kill(self, pod: dict[str, Any]) -> None:
        """Delete a pod as somebody in a hurry would."""
        self.kubectl("delete", "pod", pod["metadata"]["name"], "--force", "--grace-period=0")

    def evict(self, pod: dict[str, Any]) -> None:
        """Take a pod away through the eviction API, as whoever empties a node does."""
        name = pod["metadata"]["name"]
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": NAMESPACE}}
        path = f"/api/v1/namespaces/{NAMESPACE}/pods/{name}/eviction"
        self.kubectl("create", "--raw", path, "-f", "-", given=json.dumps(eviction))

    def layers(self, image: str) -> list[int]:
        """Return the bytes of each layer of an image in the registry, as they are pushed."""
        path, _, digest = image.partition("@")
        repository = path.partition("/")[2]
        request = urllib.request.Request(
            f"http://{self.registry}/v2/{repository}/manifests/{digest}",
            headers={"Accept": "application/vnd.docker.distribution.manifest.v2+json"},
        )
        with urllib.request.urlopen(request) as answer:
            return [layer["size"] for layer in json.load(answer)["layers"]]
