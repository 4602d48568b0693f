"""The command line of the flights jobs: one JVM for each call, as a person or a container starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from waiting import awaited

# A test's JVM lives for seconds: quick to compile, one collector thread, and not all of the machine's memory.
SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g", "-Xlog:cds=off", "-Xlog:cds+dynamic=off")
PATIENCE = 300


@dataclass(frozen=True)
class Ended:
    """What a process left behind."""

    command: tuple[str, ...]
    exit_code: int
    stdout: str
    stderr: str
    short: dict[str, Any] | None  #: the short receipt of the termination message
    short_bytes: int
    token: str
    seconds: float

    @property
    def receipt(self) -> dict[str, Any]:
        """The long receipt that ``run --json`` prints."""
        receipt: dict[str, Any] = json.loads(self.stdout)
        return receipt

    def expect(self, exit_code: int, status: str | None = None) -> Ended:
        """Fail with all that was said unless it ended like this."""
        said = f"{' '.join(self.command)} ended with {self.exit_code}:\n{self.stderr}\n{self.stdout[-2000:]}"
        assert self.exit_code == exit_code, said
        assert status is None or self.receipt["status"] == status, said
        return self


@dataclass
class Running:
    """A process that has been started and not yet waited for."""

    process: subprocess.Popen[str]
    command: tuple[str, ...]
    folder: Path
    token: str
    started: float = field(default_factory=time.monotonic)

    @property
    def _message(self) -> Path:
        return self.folder / "termination-message"

    def short(self) -> dict[str, Any] | None:
        """Read the short receipt as it is now; None where there is none."""
        text = self._message.read_text(encoding="utf-8") if self._message.exists() else ""
        try:
            receipt: dict[str, Any] = json.loads(text)
        except ValueError:  # nothing yet, or half written just now
            return None
        return receipt

    def log(self) -> str:
        """Return what it has said so far."""
        return (self.folder / "stderr").read_text(encoding="utf-8")

    def await_pause(self, phase: str) -> Running:
        """Wait until it pauses at the beginning of a phase."""

        def paused() -> Running | None:
            # In this order: what has ended meanwhile has said all that it had to say.
            ended = self.process.poll() is not None
            if f"paused at {phase}" in self.log():
                return self
            assert not ended, f"ended before {phase}:\n{self.log()}"
            return None

        return awaited(paused, lambda: f"does not come to {phase}:\n{self.log()}", PATIENCE)

    def send(self, number: signal.Signals) -> Running:
        """Send a signal."""
        self.process.send_signal(number)
        return self

    def wait(self) -> Ended:
        """Wait for its end."""
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{' '.join(self.command)} does not end:\n{self.log()}") from None
        return Ended(
            command=self.command,
            exit_code=code if code >= 0 else 128 - code,
            stdout=(self.folder / "stdout").read_text(encoding="utf-8"),
            stderr=self.log(),
            short=self.short(),
            short_bytes=self._message.stat().st_size if self._message.exists() else 0,
            token=self.token,
            seconds=time.monotonic() - self.started,
        )


@dataclass(frozen=True)
class Sluice:
    """``java -jar flights.jar`` in one surrounding."""

    jar: Path
    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)
    class_data: Path | None = None  #: an archive of loaded classes, which halves a start

    def within(self, **env: str) -> Sluice:
        """Return the same command line with more environment."""
        return replace(self, env={**self.env, **env})

    def start(self, *arguments: str) -> Running:
        """Start a command."""
        token = str(uuid.uuid4())
        work = self.folder / token
        work.mkdir(parents=True)
        sharing = [f"-XX:SharedArchiveFile={self.class_data}"] if self.class_data else []
        command = ("java", *SHORT_LIVED, *sharing, "-jar", str(self.jar), *arguments)
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "JAVA_HOME", "LANG") if name in os.environ}
        env = {
            **inherited,
            "SLUICE_RUN_TOKEN": token,
            "SLUICE_TERMINATION_MESSAGE": str(work / "termination-message"),
            **self.env,
        }
        with (work / "stdout").open("w") as out, (work / "stderr").open("w") as err:
            process = subprocess.Popen(
                command, cwd=work, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err, text=True
            )
        return Running(process, ("sluice", *arguments), work, token)

    def __call__(self, *arguments: str) -> Ended:
        """Run a command to its end."""
        return self.start(*arguments).wait()

    def start_job(self, job: str, interval: str, *more: str) -> Running:
        """Start a run that prints its receipt."""
        return self.start("run", job, "--interval", interval, "--json", *more)

    def run(self, job: str, interval: str, *more: str) -> Ended:
        """Run a job to its end."""
        return self.start_job(job, interval, *more).wait()
