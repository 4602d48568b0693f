"""The places where jobs run, for the contract of launchers: a JVM, a cluster in memory, EMR in the emulator."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from kubernetes.client import V1Pod

import fake_emr as emr
from plays import LAST_WORDS, left
from receipts import text
from sluice_airflow.testing import cluster as pods
from sluice_airflow.testing.cluster import Clock


class _World:
    """What all have: a connection, and something to do once a job runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, clock: Clock):
        self.monkeypatch, self.clock = monkeypatch, clock
        self.names: tuple[str, ...] = ("commit",)
        self._once: list[Callable[[], Any]] = []
        self.connect()

    def extra(self) -> dict[str, Any]:
        raise NotImplementedError

    def connect(self, **more: Any) -> None:
        value = json.dumps({"conn_type": "sluice", "extra": {**self.extra(), **more}})
        self.monkeypatch.setenv("AIRFLOW_CONN_SLUICE_DEFAULT", value)

    def plays(self, *plays: str) -> None:
        self.names = plays

    def when_running(self, what: Callable[[], Any]) -> None:
        self._once.append(what)

    def later(self, what: Callable[[], Any]) -> None:
        self.clock.at(self.clock.now + 100, what)

    def _play(self, job: int) -> str:
        return self.names[min(job, len(self.names) - 1)]

    def _runs(self) -> None:
        while self._once:
            self._once.pop(0)()


class ProcessWorld(_World):
    """A fake of java."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path):
        self.home, self.seen = folder / "jars", folder / "seen"
        for made in (self.home, self.seen):
            made.mkdir()
        (self.home / "flights.jar").touch()
        java = self.home / "java"
        java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_java.py")}" "$@"\n')
        java.chmod(0o755)
        super().__init__(monkeypatch, Clock())

    def extra(self) -> dict[str, Any]:
        return {
            "launcher": "process",
            "java": str(self.home / "java"),
            "home": str(self.home),
            "receipt_root": str(self.home.parent / "receipts"),
        }

    def connect(self, **more: Any) -> None:
        plan = self.names == ("commit",)  # the fake prints a plan where it is not told how to end
        mode = {} if plan else {"FAKE_JAVA": {"runs": "polite"}.get(self.names[0], self.names[0])}
        self.more = {**getattr(self, "more", {}), **more}
        env = {"FAKE_JAVA_SEEN": str(self.seen), **mode, **self.more.get("env", {})}
        super().connect(**{**self.more, "env": env})

    def plays(self, *plays: str) -> None:
        super().plays(*plays)
        self.connect()

    def when_running(self, what: Callable[[], Any]) -> None:
        def wait() -> None:
            deadline = time.monotonic() + 30
            while not self.started and time.monotonic() < deadline:
                time.sleep(0.05)
            time.sleep(0.5)  # until it listens to signals
            what()

        threading.Thread(target=wait, daemon=True).start()

    @property
    def started(self) -> list[Any]:
        found = sorted(self.seen.iterdir(), key=lambda file: file.stat().st_mtime_ns)
        told = [json.loads(file.read_text()) for file in found]
        return [SimpleNamespace(arguments=job["argv"][2:], variables=job["env"], pid=job["pid"]) for job in told]

    @property
    def running(self) -> int:
        return sum(Path(f"/proc/{job.pid}").exists() for job in self.started)


class KubernetesWorld(_World):
    """A cluster in memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, cluster: pods.Cluster, clock: Clock):
        self.cluster = cluster
        cluster.stages = [self._stage]
        cluster.log = f"{LAST_WORDS}\n"
        super().__init__(monkeypatch, clock)

    def extra(self) -> dict[str, Any]:
        return {"namespace": "jobs", "receipt_root": "s3://lake/receipts"}

    def _stage(self, pod: V1Pod) -> V1Pod | None:
        number = [made.metadata.uid for made in self.cluster.created].index(pod.metadata.uid)
        play, look = self._play(number), self.cluster.seen[pod.metadata.name]
        if look > 2:
            self._runs()
        if play == "runs" or look < (6 if play == "slow" else 3):
            return pods.running(pod)
        if play == "oom":
            return pods.ended(137, reason="OOMKilled")(pod)
        code, document = left(play.replace("slow", "commit"), pod.spec.containers[0].args, pods.token_of(pod))
        return pods.ended(code, text(document) if isinstance(document, dict) else document)(pod)

    def end_all(self) -> None:
        self.cluster.pods.clear()

    @property
    def started(self) -> list[Any]:
        jobs = [pod.spec.containers[0] for pod in self.cluster.created]
        return [SimpleNamespace(arguments=job.args, variables={v.name: v.value for v in job.env}) for job in jobs]

    @property
    def running(self) -> int:
        return len(self.cluster.pods)


class EmrWorld(_World):
    """EMR in the emulator."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, made: emr.FakeEmr, clock: Clock):
        self.emr = made
        super().__init__(monkeypatch, clock)
        self.plays("commit")

    def extra(self) -> dict[str, Any]:
        return self.emr.extra()

    def plays(self, *plays: str) -> None:
        super().plays(*plays)
        self.emr.lives = [self._life(play) for play in plays]

    def _life(self, play: str) -> list[emr.Stage]:
        def going(made: emr.FakeEmr, run: Any) -> None:
            emr.running(made, run)
            if made.seen[run.id] > 2:
                self._runs()

        if play == "runs":
            return [going]
        return [going] * (6 if play == "slow" else 3) + [emr.ended("commit" if play == "slow" else play)]

    def end_all(self) -> None:
        for run in self.emr.going:
            emr.ended("commit")(self.emr, run)

    @property
    def started(self) -> list[Any]:
        runs = self.emr.runs
        return [SimpleNamespace(arguments=self.emr.arguments(run), variables=self.emr.variables(run)) for run in runs]

    @property
    def running(self) -> int:
        return len(self.emr.going)
