from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from sluice_airflow.connection import ConnectionSettings
from sluice_airflow.exceptions import (
    SluiceConfigError,
    SluiceDataError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceJobError,
    SluiceOutOfMemory,
    SluiceReceiptError,
    SluiceTerminated,
)
from sluice_airflow.launchers import JobRequest, LaunchOptions, launcher_for
from sluice_airflow.launchers.process import ProcessLauncher
from sluice_airflow.receipt import Receipt
from sluice_airflow.verdict import Ending, Outcome, judge

JOB = "clean-departures"
REQUEST = JobRequest(
    project="flights",
    job=JOB,
    arguments=("run", JOB, "--interval", "2013-01-01/2013-02-01", "--set", "raw=/raw data"),
    run_token="the-token",
    dag_id="flights",
    task_id=JOB,
    run_id="manual",
    try_number=1,
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "jars"
    home.mkdir()
    (home / "flights.jar").touch()
    java = tmp_path / "java"
    java.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name("fake_java.py")}" "$@"\n')
    java.chmod(0o755)
    return home


def launcher(home: Path, mode: str, *, kill_grace: float = 30, **env: str) -> ProcessLauncher:
    settings = ConnectionSettings(
        launcher="process", java=str(home.parent / "java"), home=str(home), env={"FAKE_JAVA": mode, **env}
    )
    return ProcessLauncher(settings, kill_grace=kill_grace)


def launch(of: ProcessLauncher) -> Ending:
    return of.launch(REQUEST, cast("Any", {}))


def verdict(ending: Ending) -> Receipt:
    return judge(Outcome.of(ending, job=JOB))


@pytest.mark.parametrize(("mode", "status"), [("commit", "COMMITTED"), ("already", "ALREADY_COMMITTED")])
def test_a_job_that_publishes_is_green(home: Path, mode: str, status: str) -> None:
    assert verdict(launch(launcher(home, mode))).status == status


@pytest.mark.parametrize(
    ("mode", "expected", "message"),
    [
        ("refuse", SluiceDataError, "the gate refused the rows"),
        ("bug", SluiceJobError, "Cannot transform: no such column. Correct the job."),
        ("missing", SluiceReceiptError, "there is none. Check that the image is a Sluice image."),
        ("garbage", SluiceReceiptError, "it is not JSON (Expecting value: line 1 column 1 (char 0)): 'gravel'."),
        ("other-run", SluiceReceiptError, 'it belongs to another run: its run_token is "another", not "the-token".'),
        ("oom", SluiceOutOfMemory, "it was killed for memory."),
    ],
)
def test_a_job_that_does_not_is_red(home: Path, mode: str, expected: type[SluiceError], message: str) -> None:
    with pytest.raises(expected) as error:
        verdict(launch(launcher(home, mode)))

    assert message in str(error.value)


def test_the_job_gets_its_arguments_and_surroundings(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "key")
    monkeypatch.setenv("AIRFLOW_CONN_LAKE", "secret")
    monkeypatch.setenv("FROM_THE_WORKER", "yes")
    seen = tmp_path / "seen.json"

    launch(launcher(home, "commit", FAKE_JAVA_SEEN=str(seen)))

    job = json.loads(seen.read_text())
    assert job["argv"] == ["-jar", str(home / "flights.jar"), *REQUEST.arguments]
    assert job["cwd"] == str(home)
    assert job["env"]["SLUICE_RUN_TOKEN"] == "the-token"
    assert job["env"]["FROM_THE_WORKER"] == "yes"
    assert [name for name in job["env"] if name.startswith("AIRFLOW_")] == [], (
        "Airflow's keys are not the job's business"
    )
    assert not Path(job["env"]["SLUICE_TERMINATION_MESSAGE"]).exists(), "the temporary file is removed"


def test_output_goes_to_the_log_line_by_line(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ending = launch(launcher(home, "commit"))

    assert caplog.messages == ["run clean-departures of flights.jar", "progress on stderr"]
    assert ending.log_tail == ("run clean-departures of flights.jar", "progress on stderr")


def test_a_kill_lets_the_job_end_cleanly(home: Path) -> None:
    job = launcher(home, "polite")
    ending = killed_when_ready(job, job.kill)

    assert ending.exit_code == 143
    with pytest.raises(SluiceInfrastructureError, match="was deleted, evicted or killed while it was running"):
        verdict(ending)


def test_a_kill_ends_a_job_that_does_not_listen(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    job = launcher(home, "stubborn", kill_grace=0.5)
    ending = killed_when_ready(job, job.kill)

    assert ending.exit_code == 137
    assert "The job did not end within 0.5 s of SIGTERM and is killed." in caplog.text
    with pytest.raises(SluiceInfrastructureError, match="was deleted, evicted or killed while it was running"):
        verdict(ending)


def test_a_kill_from_the_signal_handler_of_the_waiting_thread(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Airflow does it: SIGTERM reaches the task's main thread, which sits in the wait for the job."""
    job = launcher(home, "polite")
    before = signal.signal(signal.SIGTERM, lambda *_: job.kill())
    try:
        ending = killed_when_ready(job, lambda: os.kill(os.getpid(), signal.SIGTERM))
    finally:
        signal.signal(signal.SIGTERM, before)

    assert ending.exit_code == 143


def test_sigterm_from_outside_is_a_clean_end(home: Path) -> None:
    job = launcher(home, "polite")
    ending = killed_when_ready(job, lambda: os.killpg(pid(job), signal.SIGTERM))

    with pytest.raises(SluiceTerminated, match="it was told to stop"):
        verdict(ending)


def test_a_timeout_raised_into_the_wait_leaves_no_process(home: Path) -> None:
    class Timeout(BaseException):
        pass

    def on_alarm(*_: Any) -> None:
        raise Timeout

    job = launcher(home, "polite")
    before = signal.signal(signal.SIGUSR1, on_alarm)
    try:
        with pytest.raises(Timeout):
            killed_when_ready(job, lambda: os.kill(os.getpid(), signal.SIGUSR1))
    finally:
        signal.signal(signal.SIGUSR1, before)

    with pytest.raises(ProcessLookupError):
        os.killpg(pid(job), 0)


def test_a_kill_before_the_start_and_after_the_end_does_no_harm(home: Path) -> None:
    job = launcher(home, "commit")
    launch(job)
    job.kill()

    launcher(home, "commit").kill()


def test_a_missing_jar_names_project_and_home(home: Path) -> None:
    (home / "flights.jar").unlink()

    with pytest.raises(SluiceConfigError) as error:
        launch(launcher(home, "commit"))

    assert str(error.value) == (
        f"Cannot find {home}/flights.jar: the connection's home holds no jar of project 'flights'. "
        "Build the project, or correct 'home' in the connection's extra."
    )


def test_a_missing_java_says_what_to_install(home: Path) -> None:
    job = ProcessLauncher(ConnectionSettings(launcher="process", java="/no/java", home=str(home)))

    with pytest.raises(SluiceConfigError) as error:
        launch(job)

    assert str(error.value) == (
        "Cannot start '/no/java': No such file or directory. "
        "Install a JDK 17 or newer on the worker, or name its java in the connection's extra."
    )


def test_a_deferred_task_cannot_come_back_to_a_process(home: Path) -> None:
    with pytest.raises(SluiceConfigError) as error:
        launcher(home, "commit").resume(REQUEST, cast("Any", {}), {})

    assert str(error.value) == (
        f"Cannot resume job '{JOB}': it was deferred, but the connection's launcher is 'process' now. "
        "Clear the task to run it again."
    )


def test_the_connection_chooses_the_launcher(home: Path) -> None:
    settings = ConnectionSettings(launcher="process", home=str(home))

    assert isinstance(launcher_for(settings, LaunchOptions(deferrable=True)), ProcessLauncher)


def test_a_missing_kubernetes_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("launchers.kubernetes", "launchers.attempt", "launchers.job_pod", "triggers.pod"):
        monkeypatch.delitem(sys.modules, f"sluice_airflow.{module}", raising=False)
    monkeypatch.setitem(sys.modules, "airflow.providers.cncf.kubernetes.operators.pod", cast("Any", None))

    with pytest.raises(SluiceConfigError) as error:
        launcher_for(ConnectionSettings(), LaunchOptions())

    assert str(error.value).startswith("Cannot launch on Kubernetes: a package is missing (")
    assert str(error.value).endswith(
        "Install airflow-provider-sluice[kubernetes], or use a connection with launcher 'process'."
    )


def killed_when_ready(job: ProcessLauncher, kill: Callable[[], Any]) -> Ending:
    """Launch, and kill from another thread as soon as the job has said that it is ready."""
    ready = threading.Event()

    class Ready(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.getMessage() == "ready":
                ready.set()

    handler, log = Ready(), logging.getLogger("airflow.task.sluice")
    log.addHandler(handler)
    log.setLevel(logging.INFO)

    def killer() -> None:
        assert ready.wait(timeout=30)
        kill()

    thread = threading.Thread(target=killer)
    thread.start()
    try:
        return launch(job)
    finally:
        thread.join()
        log.removeHandler(handler)


def pid(job: ProcessLauncher) -> int:
    assert job._process is not None
    return job._process.pid
