"""One job's pods, watched while something happens to Airflow."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import Any

from chain import Chain
from expected import Expected
from flights import TARGETS, run_key
from readers import published
from waiting import awaited

PATIENCE = 180


class Weather:
    """The pods of ``extract-weather``, all of them from the first look on."""

    job = "extract-weather"

    def __init__(self, chain: Chain):
        self.chain = chain
        self.pods: set[str] = set()
        self.at_once = 0
        self.dag = ""
        self._over = Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def begin(self, dag: str, state: str) -> dict[str, Any]:
        """Let a DAG run until its pod works and its task is in a state; return the task's instance."""
        self.dag = dag
        self.chain.airflow.unpause(dag)
        self.chain.cluster.await_log(self.job, f"{self.job}: plan")
        return self.chain.airflow.running(dag, self.job, state)

    def says(self, number: int, words: str) -> None:
        """Wait until a try of the task that goes on says something."""

        def said() -> bool | None:
            (run,) = self.chain.airflow.get(f"dags/{self.dag}/dagRuns")["dag_runs"]
            task = self.chain.airflow.tasks(run)[self.job]
            goes_on = task["try_number"] == number and task["state"] in ("running", "deferred")
            return True if goes_on and words in self.chain.airflow.log(task, number) else None

        awaited(said, lambda: f"try {number} does not say '{words}'", PATIENCE)

    def published(self, expected: Expected, *, month: int, tries: set[int], pods: int) -> None:
        """Hold that the run was published once, by so many pods and never by two at once."""
        run = self.chain.airflow.await_runs(self.dag, 1)[0]
        task = self.chain.airflow.tasks(run)[self.job]
        assert task["state"] == "success", self.chain.airflow.log(task, task["try_number"])[-3000:]
        assert task["try_number"] in tries
        assert self.chain.airflow.returned(task)["status"] in ("COMMITTED", "ALREADY_COMMITTED")
        assert len(published(self.chain.lake.iceberg(TARGETS[self.job]), run_key(self.job, month))) == 1
        assert self.chain.airflow.returned(task)["rows"] == expected.rows(self.job, month)
        assert 1 <= len(self.pods) <= pods
        assert self.at_once == 1

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.is_set():
            there = [pod["metadata"]["uid"] for pod in self.chain.cluster.pods(self.job)]
            self.pods |= set(there)
            self.at_once = max(self.at_once, len(there))
            time.sleep(1)
