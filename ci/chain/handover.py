"""A table between two projects: the flights jobs publish departures, and the DAG of another image starts for them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from airflow_home import Airflow

#: What the departures are made by, from the raw files on.
JOBS = ("extract-flights", "extract-weather", "clean-departures")
TABLE = "punctuality.airlines"


@dataclass(frozen=True)
class Handover:
    """A run of the first DAG, the run of the second one that it has led to, and what both have left."""

    first: dict[str, Any]
    second: dict[str, Any]
    events: list[dict[str, Any]]  #: that have started the second one
    published: dict[str, Any]  #: the receipt of the departures
    made: dict[str, Any]  #: the receipt of what the second one has made of them

    @classmethod
    def between(
        cls, airflow: Airflow, first: dict[str, Any], second: dict[str, Any], read: Callable[[str], bytes]
    ) -> Handover:
        """Look at two runs that have ended.

        :param read: reads a receipt from the lake.
        """
        path = f"dags/{second['dag_id']}/dagRuns/{quote(second['dag_run_id'], safe='')}/upstreamAssetEvents"
        return cls(
            first,
            second,
            airflow.get(path)["asset_events"],
            _receipt(airflow, first, "clean-departures", read),
            _receipt(airflow, second, "airline-punctuality", read),
        )

    def check_start(self) -> None:
        """The event of the departures has started the second DAG, and no clock."""
        assert (self.second["run_type"], self.second["logical_date"]) == ("asset_triggered", None)
        (event,) = self.events
        assert event["uri"] == "sluice://table/flights.departures"
        assert (event["source_run_id"], event["source_task_id"]) == (self.first["dag_run_id"], "clean-departures")
        assert event["extra"]["run_key"] == self.published["run_key"]

    def check_snapshot(self) -> int:
        """The second job has read what was published, for the same interval; return the snapshot."""
        extra = self.events[0]["extra"]
        snapshot = self.published["target"]["snapshot_id"]
        assert extra["snapshot_id"] == snapshot
        assert [(read["name"], read["snapshot_id"]) for read in self.made["inputs"]] == [("departures", snapshot)]
        assert self.made["interval"] == self.published["interval"] == extra["interval"]
        return int(snapshot)


def _receipt(airflow: Airflow, run: dict[str, Any], job: str, read: Callable[[str], bytes]) -> dict[str, Any]:
    task = airflow.tasks(run)[job]
    assert task["state"] == "success", airflow.log(task, task["try_number"])[-3000:]
    receipt: dict[str, Any] = json.loads(read(airflow.returned(task)["receipt_uri"]))
    assert receipt["status"] == "COMMITTED"
    return receipt
