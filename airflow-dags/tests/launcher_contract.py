"""What every launcher promises: one suite, which the tests of each inherit.

Every behaviour is expected. A launcher that cannot have one switches its test off by name, and says why.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Protocol

import pytest

from contexts import context
from plays import LAST_WORDS, UNBOUND
from sluice_airflow import SluiceJobOperator
from sluice_airflow._compat import TaskDeferred
from sluice_airflow.exceptions import (
    SluiceConfigError,
    SluiceDataError,
    SluiceError,
    SluiceInfrastructureError,
    SluiceJobError,
    SluiceOutOfMemory,
    SluiceReceiptError,
    SluiceSourceError,
    SluiceTimeout,
)
from sluice_airflow.testing.cluster import Clock
from sluice_airflow.testing.tasks import run_task, run_trigger
from sluice_airflow.triggers import job as job_trigger

JOB = "clean-departures"
MONTH = {"interval_start": "2013-01-01T00:00:00+00:00", "interval_end": "2013-02-01T00:00:00+00:00"}


class Started(Protocol):
    """What a job was given."""

    arguments: list[str]
    variables: Mapping[str, str]


class World(Protocol):
    """A place where jobs run, and what the jobs do there."""

    clock: Clock  #: by which a task waits

    def connect(self, **more: Any) -> None:
        """Have the default connection lead here, with more keys in its extra."""

    def plays(self, *plays: str) -> None:
        """Say how the next jobs end, one after another: a name of ``plays.ENDS``, ``oom``, ``slow`` or ``runs``."""

    def when_running(self, what: Callable[[], Any]) -> None:
        """Do something once, as soon as a job runs."""

    def later(self, what: Callable[[], Any]) -> None:
        """Do something once, while somebody has waited for some time."""

    def end_all(self) -> None:
        """Let all jobs end that run."""

    @property
    def started(self) -> list[Started]:
        """Return the jobs that were started, the oldest first."""

    @property
    def running(self) -> int:
        """Return how many jobs run."""


RED: list[Any] = [
    pytest.param("refuse", SluiceDataError, "the gate refused the rows.", id="refused"),
    pytest.param("config", SluiceConfigError, UNBOUND, id="configuration"),
    pytest.param("bug", SluiceJobError, "Cannot transform: no such column. Correct the job.", id="bug"),
    pytest.param("source", SluiceSourceError, "Cannot read s3://raw: timed out. Try again.", id="source"),
    pytest.param("oom", SluiceOutOfMemory, "it was killed for memory.", id="memory"),
    pytest.param("missing", SluiceReceiptError, "there is none.", id="no receipt"),
    pytest.param("garbage", SluiceReceiptError, "it is not JSON", id="no JSON"),
    pytest.param("other-run", SluiceReceiptError, 'its run_token is "another"', id="receipt of another run"),
    pytest.param("contradict", SluiceReceiptError, "but its receipt says 70", id="green with a receipt that is red"),
    pytest.param("lie", SluiceReceiptError, "but its receipt says", id="red with a receipt that is green"),
]


class LauncherContract:
    """The suite. A subclass has a fixture ``world``."""

    #: Names of tests that this launcher cannot pass, and why.
    switched_off: ClassVar[Mapping[str, str]] = {}

    @pytest.fixture(autouse=True)
    def _switch(self, request: pytest.FixtureRequest) -> None:
        unknown = [name for name in self.switched_off if not hasattr(self, name)]
        assert not unknown, f"no such tests: {unknown}"
        if reason := self.switched_off.get(request.node.originalname):
            pytest.skip(reason)

    @pytest.fixture(params=["sync", "deferrable"])
    def mode(self, request: pytest.FixtureRequest) -> str:
        return str(request.param)

    def operator(self, flights: Path, mode: str = "sync", **more: Any) -> SluiceJobOperator:
        given = {"job": JOB, "manifest": flights, "deferrable": mode == "deferrable", "settings": {"raw": "/raw"}}
        return SluiceJobOperator(**{**given, **MONTH, **more})

    def failure(self, task: SluiceJobOperator, ctx: Any) -> SluiceError:
        with pytest.raises(SluiceError) as error:
            run_task(task, ctx)
        return error.value

    # Green needs evidence.

    @pytest.mark.parametrize(("play", "status"), [("commit", "COMMITTED"), ("already", "ALREADY_COMMITTED")])
    def test_a_good_end_and_a_receipt_are_green(
        self, world: World, flights: Path, mode: str, play: str, status: str
    ) -> None:
        world.plays(play)
        ctx = context()

        result = run_task(self.operator(flights, mode), ctx)

        assert (result["status"], result["target"], result["snapshot_id"]) == (status, "flights.departures", "8123")
        assert result["rows"] == {"read": 27004, "written": 26483, "quarantined": 521, "filtered": 0}
        (event,) = ctx["outlet_events"].values()
        assert event.extra.items() >= result.items()
        assert (len(world.started), world.running) == (1, 0)

    @pytest.mark.parametrize(("play", "expected", "message"), RED)
    def test_anything_else_is_red(
        self, world: World, flights: Path, mode: str, play: str, expected: type[SluiceError], message: str
    ) -> None:
        world.plays(play)
        ctx = context()

        error = self.failure(self.operator(flights, mode), ctx)

        assert type(error) is expected
        assert message in str(error)
        assert len(str(error).splitlines()) <= 24
        assert ctx["outlet_events"] == {}, "no event of a table that was not written"

    def test_a_failed_job_without_a_receipt_of_its_own_tells_nothing_of_another(
        self, world: World, flights: Path, mode: str
    ) -> None:
        world.plays("other-run-failed")

        error = self.failure(self.operator(flights, mode), context())

        assert type(error) in (SluiceJobError, SluiceInfrastructureError)
        assert "another" not in str(error)

    def test_the_last_words_of_the_log_are_in_the_failure(self, world: World, flights: Path, mode: str) -> None:
        world.plays("oom")

        lines = str(self.failure(self.operator(flights, mode), context())).splitlines()

        assert f"    {LAST_WORDS}" in lines[lines.index("  last lines of the log:") :]

    def test_a_kill_for_memory_says_how_much_there_was(self, world: World, flights: Path, mode: str) -> None:
        world.plays("oom")

        error = self.failure(self.operator(flights, mode, job_resources={"memory": "3Gi"}), context())

        assert "Raise the job's memory (now 3Gi)" in str(error)

    def test_a_plan_comes_back(self, world: World, flights: Path, mode: str) -> None:
        result = run_task(self.operator(flights, mode, job=f"plan.{JOB}"), context(task_id=f"plan.{JOB}"))

        assert result["write"].startswith("flights.departures (replace-partitions)")

    def test_why_there_is_no_plan_comes_back(self, world: World, flights: Path, mode: str) -> None:
        world.plays("config")

        error = self.failure(self.operator(flights, mode, job=f"plan.{JOB}"), context(task_id=f"plan.{JOB}"))

        assert type(error) is SluiceConfigError
        assert UNBOUND in str(error)

    def test_a_verification_comes_back(self, world: World, flights: Path, mode: str) -> None:
        world.plays("commit")
        task = self.operator(flights, mode, job=f"verify.{JOB}", settings={})

        assert run_task(task, context(task_id=f"verify.{JOB}")) == {"verified": True}

    def test_what_a_verification_finds_is_red(self, world: World, flights: Path, mode: str) -> None:
        world.plays("differs")
        task = self.operator(flights, mode, job=f"verify.{JOB}", settings={})

        error = self.failure(task, context(task_id=f"verify.{JOB}"))

        assert type(error) is SluiceReceiptError
        assert "run 1 is in the ledger and has no receipt" in str(error)

    def test_a_range_tells_of_its_parts_and_a_retry_does_those_that_are_left(
        self, world: World, flights: Path, mode: str
    ) -> None:
        world.plays("some-parts")
        ctx = context()

        error = self.failure(self.operator(flights, mode, each="day"), ctx)

        assert type(error) is SluiceDataError
        lines = str(error).splitlines()
        assert "  parts      29 of 31 days committed, 1 of them before, 2 failed" in lines
        assert lines[lines.index("  failed parts:") + 1].startswith("    2013-01-03/2013-01-04 REFUSED: Cannot publish")
        assert ctx["outlet_events"] == {}, "no event of a table that is not whole"

        world.plays("other-parts")
        ctx = context(try_number=2)
        result = run_task(self.operator(flights, mode, each="day"), ctx)

        counts = {"parts": 31, "committed": 2, "already_committed": 29, "failed": 0, "not_run": 0}
        assert (result["status"], result["range"]) == ("COMMITTED", {"each": "day", **counts})
        (event,) = ctx["outlet_events"].values()
        assert event.extra.items() >= result.items()
        month = "/".join(MONTH.values())
        for job in world.started:
            assert job.arguments[:6] == ["run", JOB, "--interval", month, "--each", "day"]

    def test_both_ways_of_waiting_say_the_same(self, world: World, flights: Path) -> None:
        world.plays("bug")
        errors = [str(self.failure(self.operator(flights, way), context())) for way in ("sync", "deferrable")]
        without = [[line for line in text.splitlines() if "ran in" not in line] for text in errors]

        assert without[0] == without[1]

    # What the job is given.

    def test_the_job_is_given_its_work_and_what_proves_it(self, world: World, flights: Path, mode: str) -> None:
        world.connect(env={"SLUICE_LAKE_CATALOG": "glue"})
        world.plays("commit")

        run_task(self.operator(flights, mode), context())

        (job,) = world.started
        month = "/".join(MONTH.values())
        assert job.arguments[:6] == ["run", JOB, "--interval", month, "--set", "raw=/raw"]
        assert job.variables["SLUICE_LAKE_CATALOG"] == "glue"
        started_by = "airflow:flights.clean-departures/scheduled__2013-01-01T00:00:00+00:00"
        assert job.variables["SLUICE_STARTED_BY"] == started_by
        assert len(job.variables["SLUICE_RUN_TOKEN"]) == 36

    def test_the_receipts_copy_has_one_place_a_task_instance(self, world: World, flights: Path) -> None:
        world.plays("commit")
        task = self.operator(flights)

        run_task(task, context())
        run_task(task, context(try_number=2))
        run_task(task, context(map_index=1))

        first, again, mapped = (job.arguments[job.arguments.index("--receipt") + 1] for job in world.started)
        assert first == again != mapped

    def test_each_try_has_its_own_token(self, world: World, flights: Path, mode: str) -> None:
        world.plays("commit")
        task = self.operator(flights, mode)

        run_task(task, context())
        run_task(task, context(try_number=2))

        first, second = (job.variables["SLUICE_RUN_TOKEN"] for job in world.started)
        assert first != second

    def test_airflows_own_keys_are_not_the_jobs_business(
        self, world: World, flights: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AIRFLOW__API_AUTH__JWT_SECRET", "key")
        world.plays("commit")

        run_task(self.operator(flights), context())

        (job,) = world.started
        assert [name for name in job.variables if name.startswith("AIRFLOW")] == []

    def test_a_secret_that_is_written_out_goes_nowhere(
        self, world: World, flights: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        world.connect(env={"LAKE_PASSWORD": "gravel"})
        world.plays("commit")

        error = self.failure(self.operator(flights), context())

        assert type(error) is SluiceConfigError
        assert "'LAKE_PASSWORD' is what a secret is called" in str(error)
        assert "gravel" not in str(error) + caplog.text
        assert world.started == []

    def test_the_token_cannot_be_set_by_the_connection(self, world: World, flights: Path) -> None:
        world.connect(env={"SLUICE_RUN_TOKEN": "mine"})

        error = self.failure(self.operator(flights), context())

        assert "'env' must not set SLUICE_RUN_TOKEN: every try gets its own" in str(error)

    def test_a_reference_to_a_kubernetes_secret_that_cannot_be_followed_is_refused(
        self, world: World, flights: Path, tmp_path: Path
    ) -> None:
        profile = tmp_path / "profile.yaml"
        profile.write_text("default: {env: {DB_URL: {secretKeyRef: {name: db, key: url}}}}\n")
        world.connect(profile=str(profile))
        world.plays("commit")

        error = self.failure(self.operator(flights), context())

        assert "DB_URL" in str(error)
        assert type(error) is SluiceConfigError
        assert world.started == []

    # Once, and only as long as somebody wants it.

    def test_a_kill_ends_the_job(self, world: World, flights: Path) -> None:
        world.plays("runs")
        task = self.operator(flights)
        world.when_running(task.on_kill)

        error = self.failure(task, context())

        assert isinstance(error, SluiceInfrastructureError)
        assert (len(world.started), world.running) == (1, 0)

    def test_a_kill_before_the_start_does_no_harm(self, world: World, flights: Path) -> None:
        self.operator(flights).on_kill()

        assert world.started == []

    def test_a_deferred_task_does_not_go_on_before_airflow_knows_that_it_is_deferred(
        self, world: World, flights: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert job_trigger.settling_seconds() > 5, "a worker's heartbeat"
        monkeypatch.setattr(
            job_trigger, "settling_seconds", lambda: 100
        )  # longer than any launcher looks at such a job
        world.plays("commit")
        with pytest.raises(TaskDeferred) as deferred:
            self.operator(flights, "deferrable").execute(context())
        before = world.clock.now

        run_trigger(deferred.value)

        assert world.clock.now - before >= 100

    def test_a_kill_while_deferred_ends_the_job(self, world: World, flights: Path) -> None:
        world.plays("runs")
        deferred = self.abandoned(flights)

        asyncio.run(deferred.trigger.on_kill())

        assert world.running == 0

    def test_a_retry_takes_up_what_still_runs(self, world: World, flights: Path, mode: str) -> None:
        world.plays("slow")
        self.abandoned(flights)

        result = run_task(self.operator(flights, mode), context(try_number=2))

        assert result["status"] == "COMMITTED"
        assert len(world.started) == 1

    def test_a_retry_that_wants_other_work_ends_what_still_runs(self, world: World, flights: Path, mode: str) -> None:
        world.plays("runs", "commit")
        self.abandoned(flights)

        result = run_task(self.operator(flights, mode, settings={"raw": "/other"}), context(try_number=2))

        assert result["status"] == "COMMITTED"
        assert (len(world.started), world.running) == (2, 0)

    def test_another_run_of_the_same_work_is_waited_for(self, world: World, flights: Path, mode: str) -> None:
        world.plays("runs", "already")
        self.abandoned(flights, run_id="manual__1")
        together = []
        world.when_running(lambda: together.append(world.running))
        world.later(world.end_all)

        result = run_task(self.operator(flights, mode), context())

        assert result["status"] == "ALREADY_COMMITTED"
        assert len(world.started) == 2
        assert together == [1], "never two at once"

    def test_a_kill_leaves_another_runs_job_alone(self, world: World, flights: Path) -> None:
        world.plays("runs")
        self.abandoned(flights, run_id="manual__1")
        waits = self.operator(flights, "deferrable")
        with pytest.raises(TaskDeferred) as deferred:
            waits.execute(context())

        asyncio.run(deferred.value.trigger.on_kill())
        waits.on_kill()

        assert world.running == 1

    def test_the_tasks_own_timeout_ends_the_job(self, world: World, flights: Path, mode: str) -> None:
        world.plays("runs")

        error = self.failure(self.operator(flights, mode, execution_timeout=timedelta(minutes=20)), context())

        assert isinstance(error, SluiceTimeout)
        assert "did not end within 1200 s" in str(error)
        assert world.running == 0

    def abandoned(self, flights: Path, **ti: Any) -> TaskDeferred:
        """Start the job of a task that nobody comes back to."""
        with pytest.raises(TaskDeferred) as deferred:
            self.operator(flights, "deferrable").execute(context(**ti))
        return deferred.value
