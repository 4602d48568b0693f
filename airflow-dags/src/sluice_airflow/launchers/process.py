"""The process launcher: the job in a JVM on this machine, under the same contract as in a pod."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING, Any

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import SluiceConfigError
from sluice_airflow.joblog import parse
from sluice_airflow.jvm import SMALL
from sluice_airflow.launchers import JobRequest
from sluice_airflow.profile import JobProfile
from sluice_airflow.verdict import Ending, State

if TYPE_CHECKING:
    from airflow.sdk import Context

log = logging.getLogger("airflow.task.sluice")

#: Airflow's supervisor kills a task that has not ended 5 s after SIGTERM; the JVM must be gone before that.
KILL_GRACE_SECONDS = 4.0

LOG_TAIL = 8


class ProcessLauncher:
    """Runs ``java -jar HOME/PROJECT.jar`` in its own process group and streams its output to the task's log."""

    def __init__(
        self,
        settings: ConnectionSettings,
        profile: JobProfile = JobProfile(),  # noqa: B008 - immutable
        *,
        kill_grace: float = KILL_GRACE_SECONDS,
    ):
        self.settings = settings
        self.profile = profile
        self.kill_grace = kill_grace
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False

    def launch(self, request: JobRequest, context: Context) -> Ending:
        """Run the job to its end. There is nothing to defer: the process lives on this worker."""
        home = Path(self.settings.home or ".").absolute()
        command = [self.settings.java, "-jar", str(_jar(home, request.project)), *request.arguments]
        tail: deque[str] = deque(maxlen=LOG_TAIL)
        with tempfile.TemporaryDirectory(prefix="sluice-") as folder:
            message = Path(folder, "termination-message")
            message.touch()
            exit_code = self._run(command, home, self._environment(request, message), tail)
            text = message.read_text(encoding="utf-8", errors="replace")
        return Ending(
            state=State.ENDED,
            where=f"process {self._process.pid if self._process else '?'}",
            run_token=request.run_token,
            exit_code=exit_code,
            message=text,
            interrupted=self._killed,
            log_tail=tuple(tail),
        )

    def resume(self, request: JobRequest, context: Context, event: Mapping[str, Any]) -> Ending:
        """Never called: a process is not deferred."""
        raise SluiceConfigError(
            f"Cannot resume job '{request.job}': it was deferred, but the connection's launcher is 'process' now. "
            "Clear the task to run it again."
        )

    def kill(self) -> None:
        """Ask the process group to end, and end it after the grace."""
        self._killed = True
        process = self._process
        if process is None or not _signal(process, signal.SIGTERM):
            return
        deadline = time.monotonic() + self.kill_grace
        while time.monotonic() < deadline:
            if _has_ended(process):
                return
            time.sleep(0.05)
        log.warning("The job did not end within %.1f s of SIGTERM and is killed.", self.kill_grace)
        _signal(process, signal.SIGKILL)

    def _run(self, command: list[str], home: Path, env: dict[str, str], tail: deque[str]) -> int:
        try:
            process = subprocess.Popen(  # noqa: S603 - the command is the connection's, without a shell
                command,
                cwd=home,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            raise SluiceConfigError(
                f"Cannot start '{command[0]}': {error.strerror}. "
                "Install a JDK 17 or newer on the worker, or name its java in the connection's extra."
            ) from None
        self._process = process
        if self._killed:  # the kill came while the process was being made
            _signal(process, signal.SIGTERM)
        # A thread reads, so that the main thread stays free for the signal handler that kills.
        reader = Thread(target=_stream, args=(process.stdout, tail), daemon=True)
        reader.start()
        try:
            returned = process.wait()
        except BaseException:  # the task's own timeout, raised into the wait: leave no JVM behind
            self.kill()
            process.wait()
            raise
        # A grandchild may hold the pipe open for ever; the job's own words have long arrived by then.
        reader.join(timeout=5)
        return returned if returned >= 0 else 128 - returned

    def _environment(self, request: JobRequest, message: Path) -> dict[str, str]:
        # The job has no business with Airflow's own settings, among which are its keys.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
        return {
            **(SMALL if request.small else {}),
            **inherited,
            **self.settings.env,
            **self._profile_env(),
            **request.environment(),
            "SLUICE_TERMINATION_MESSAGE": str(message),
        }

    def _profile_env(self) -> Mapping[str, str]:
        for name, value in self.profile.env.items():
            if not isinstance(value, str):
                raise SluiceConfigError(
                    f"Cannot set {name} of a process: the profile refers to something of Kubernetes. "
                    "Set it in the worker's environment, or leave it out of this environment's profile."
                )
        return self.profile.env


def _jar(home: Path, project: str) -> Path:
    jar = home / f"{project}.jar"
    if not jar.is_file():
        raise SluiceConfigError(
            f"Cannot find {jar}: the connection's home holds no jar of project '{project}'. "
            "Build the project, or correct 'home' in the connection's extra."
        )
    return jar


def _stream(pipe: IO[bytes] | None, tail: deque[str]) -> None:
    assert pipe is not None  # noqa: S101 - stdout is a pipe
    with pipe:
        for raw in pipe:
            _, line = parse(raw.decode("utf-8", errors="backslashreplace").rstrip())
            if line.text:
                tail.append(line.text)
                log.log(line.level, "%s", line.text)


def _signal(process: subprocess.Popen[bytes], number: int) -> bool:
    """Signal the whole group; return whether there was anybody to hear it."""
    if _has_ended(process):
        return False
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return False
    return True


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Look without reaping and without Popen's lock, which the interrupted main thread may hold."""
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True
