from __future__ import annotations

from typing import Any

import pytest
from airflow.sdk import Asset
from jinja2 import Environment

from contexts import AssetEvents, event
from sluice_airflow import published, table_asset
from sluice_airflow.assets import triggering_interval
from sluice_airflow.exceptions import SluiceConfigError

JANUARY = {"start": "2013-01-01T00:00:00Z", "end": "2013-02-01T00:00:00Z"}
FEBRUARY = {"start": "2013-02-01T00:00:00Z", "end": "2013-03-01T00:00:00Z"}


def triggered(**tables: list[Any]) -> dict[str, Any]:
    """Return the context of a run that events of tables have triggered."""
    return {"triggering_asset_events": AssetEvents(**tables)}


def test_a_table_is_one_asset_whoever_names_it() -> None:
    assert table_asset("flights.departures") == Asset("sluice://table/flights.departures")


@pytest.mark.parametrize(
    "uri",
    [
        "sluice://table/departures",
        "sluice://table/Flights.departures",
        "sluice://table/flights.departures.daily",
        "sluice://tables/flights.departures",
        "sluice://table/flights.departures?month=1",
        "sluice://departures/flights",
    ],
)
def test_a_uri_that_no_job_updates_is_refused(uri: str) -> None:
    with pytest.raises(ValueError, match="it names no table") as error:
        Asset(uri)

    assert str(error.value) == (
        f"Cannot use asset URI '{uri}': it names no table. Write it as "
        "sluice://table/namespace.table, or call table_asset('namespace.table')."
    )


def test_airflow_makes_the_asset_by_its_scheme() -> None:
    try:
        from airflow.sdk.providers_manager_runtime import ProvidersManagerTaskRuntime as Providers
    except ImportError:  # Airflow 3.1
        from airflow.providers_manager import ProvidersManager as Providers  # type: ignore[assignment,unused-ignore]
    manager: Any = Providers
    factory = manager().asset_factories["sluice"]

    assert factory(table="flights.departures", extra={"a": 1}).extra == {"a": 1}


def test_published_is_the_newest_of_the_events_that_triggered_the_run() -> None:
    context = triggered(
        flights__departures=[event(2, snapshot_id="2"), event(1, snapshot_id="1")],
        flights__weather=[event(3, snapshot_id="3")],
    )

    assert published(context, "flights.departures") == {"snapshot_id": "2"}


def test_published_can_be_asked_in_a_template() -> None:
    environment = Environment(autoescape=True)
    environment.globals["published"] = published
    template = environment.from_string("{{ published('flights.departures').snapshot_id }}")

    assert template.render(triggered(flights__departures=[event(1, snapshot_id="8123")])) == "8123"


def test_what_was_never_published_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sluice_airflow.assets.newest_event_extra", lambda _: None)

    with pytest.raises(SluiceConfigError) as error:
        published(triggered(), "flights.departures")

    assert str(error.value) == (
        "Cannot tell what was published to flights.departures: no run has published it yet. "
        "Run the job that writes it, or create an asset event with the extra of an earlier one."
    )


def test_the_interval_is_the_one_that_all_tables_were_published_for() -> None:
    context = triggered(
        flights__departures=[event(1, interval=JANUARY), event(2, interval=JANUARY)],
        flights__weather=[event(3, interval=JANUARY)],
        flights__airports=[event(4, interval=None), event(5)],  # has none, or was noted by hand
    )

    assert triggering_interval(context) == ("2013-01-01T00:00:00Z", "2013-02-01T00:00:00Z")


def test_there_is_none_where_no_table_has_triggered_the_run() -> None:
    other = AssetEvents(x=[event(1, interval=JANUARY)])
    other.events = {"s3://bucket/file": other.events["sluice://table/x"]}

    assert triggering_interval({}) is None
    assert triggering_interval({"triggering_asset_events": other}) is None


def test_tables_that_were_published_for_several_are_named() -> None:
    context = triggered(
        flights__departures=[event(1, interval=FEBRUARY)], flights__weather=[event(2, interval=JANUARY)]
    )

    with pytest.raises(SluiceConfigError) as error:
        triggering_interval(context)

    assert str(error.value) == (
        "Cannot tell the interval of this run: the tables that triggered it were published for several: "
        "2013-01-01T00:00:00Z/2013-02-01T00:00:00Z of flights.weather, "
        "2013-02-01T00:00:00Z/2013-03-01T00:00:00Z of flights.departures. "
        "Trigger the DAG once for each, with the interval in the form."
    )
