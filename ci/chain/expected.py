"""What the tables must hold, computed by DuckDB from the raw CSV files alone; no code of Sluice takes part."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

FILES = {
    "flights": """year INT, month INT, day INT, dep_time INT, sched_dep_time INT, dep_delay INT, arr_time INT,
        sched_arr_time INT, arr_delay INT, carrier VARCHAR, flight INT, tailnum VARCHAR, origin VARCHAR, dest VARCHAR,
        air_time INT, distance INT, hour INT, minute INT, time_hour TIMESTAMPTZ""",
    "weather": """origin VARCHAR, year INT, month INT, day INT, hour INT, temp DOUBLE, dewp DOUBLE, humid DOUBLE,
        wind_dir DOUBLE, wind_speed DOUBLE, wind_gust DOUBLE, precip DOUBLE, pressure DOUBLE, visib DOUBLE,
        time_hour TIMESTAMPTZ""",
    "planes": """tailnum VARCHAR, year INT, type VARCHAR, manufacturer VARCHAR, model VARCHAR, engines INT, seats INT,
        speed INT, engine VARCHAR""",
    "airlines": "carrier VARCHAR, name VARCHAR",
}

# The rules of the suites, once more and by hand: what is quarantined, and the ids it is quarantined with.
STORM = "wind_speed > 200"
CANCELLED = "dep_delay IS NULL"

FLIGHTS = "SELECT make_date(year, month, day) AS flight_date, * FROM flights WHERE month IN ({months})"

WEATHER = "SELECT make_date(year, month, day) AS observed_on, * FROM weather WHERE month IN ({months})"

DEPARTURES = f"""
    SELECT make_date(f.year, f.month, f.day) AS flight_date, f.year, f.month, f.time_hour, carrier, a.name AS airline,
        f.flight, tailnum, f.origin, f.dest, f.dep_delay, f.arr_delay, f.distance, p.year AS plane_year, p.seats,
        w.temp, w.wind_speed, w.visib
    FROM flights f
    LEFT JOIN airlines a USING (carrier)
    LEFT JOIN planes p USING (tailnum)
    LEFT JOIN (SELECT * FROM weather WHERE NOT coalesce({STORM}, false)) w
        ON w.origin = f.origin AND w.time_hour = f.time_hour
    WHERE f.month IN ({{months}})"""

QUERIES = {
    "flights.flights": FLIGHTS,
    "flights.weather": f"SELECT * FROM ({WEATHER}) WHERE NOT coalesce({STORM}, false)",
    "flights.weather_quarantine": f"""
        SELECT *, ['wind-speed-is-possible'] AS _sluice_reasons FROM ({WEATHER}) WHERE {STORM}""",
    "flights.departures": f"SELECT * FROM ({DEPARTURES}) WHERE NOT {CANCELLED}",
    "flights.departures_quarantine": f"""
        SELECT *, list_filter([
            CASE WHEN {CANCELLED} THEN 'departure-is-known' END,
            CASE WHEN arr_delay IS NULL THEN 'arrival-is-known' END,
            CASE WHEN seats IS NULL THEN 'plane-is-known' END,
            CASE WHEN temp IS NULL THEN 'weather-is-known' END], lambda id: id IS NOT NULL) AS _sluice_reasons
        FROM ({DEPARTURES}) WHERE {CANCELLED}""",
    "flights.delay_stats": f"""
        SELECT flight_date, origin, carrier, airline, year, month, count(*) AS departures,
            count(*) FILTER (dep_delay >= 15) AS late_departures, avg(dep_delay) AS mean_dep_delay,
            max(dep_delay) AS worst_dep_delay
        FROM ({DEPARTURES}) WHERE NOT {CANCELLED} GROUP BY ALL""",
    "punctuality.airlines": f"""
        SELECT year, month, carrier, airline, count(*) AS departures, count(*) FILTER (dep_delay < 15) AS on_time,
            on_time / departures AS on_time_share
        FROM ({DEPARTURES}) WHERE NOT {CANCELLED} GROUP BY ALL""",
}
QUERIES["delays"] = QUERIES["flights.delay_stats"]


class Expected:
    """The figures of some months."""

    def __init__(self, raw: Path):
        self.db = duckdb.connect()
        self.db.execute("SET TimeZone = 'UTC'")
        for name, columns in FILES.items():
            self.db.execute(f"CREATE TABLE {name} ({columns})")
            self.db.execute(f"COPY {name} FROM '{raw}/{name}.csv' (HEADER, NULLSTR 'NA')")

    def query(self, table: str, *months: int) -> str:
        """Return the rows of a table as SQL."""
        return QUERIES[table].format(months=", ".join(map(str, months)))

    def arrow(self, table: str, *months: int) -> pa.Table:
        """Return the rows of a table."""
        return self.db.sql(self.query(table, *months)).to_arrow_table()

    def count(self, table: str, *months: int) -> int:
        """Return how many rows a table must have."""
        return self.value(f"SELECT count(*) FROM ({self.query(table, *months)})")

    def raw_count(self, file: str) -> int:
        """Return how many rows a raw file has."""
        return self.value(f"SELECT count(*) FROM {file}")

    def value(self, query: str) -> int:
        """Return the one number that a query gives."""
        row = self.db.execute(query).fetchone()
        assert row is not None
        return int(row[0])

    def rows(self, job: str, month: int) -> dict[str, int]:
        """Return what the receipt of a job must say of a month's rows."""
        raw = {"extract-flights": "flights", "extract-weather": "weather"}
        table = {
            "extract-flights": "flights.flights",
            "extract-weather": "flights.weather",
            "clean-departures": "flights.departures",
            "delay-stats": "flights.delay_stats",
            "load-delays": "delays",
        }[job]
        written = self.count(table, month)
        quarantine = f"{table}_quarantine"
        quarantined = self.count(quarantine, month) if quarantine in QUERIES else 0
        read = self.raw_count(raw[job]) if job in raw else written + quarantined
        return {
            "read": read,
            "written": written,
            "quarantined": quarantined,
            "filtered": read - written - quarantined,
        }

    def check(self, table: str, actual: pa.Table, *months: int) -> None:
        """Fail unless a table holds just the expected rows, every column of each, none twice."""
        query = self.query(table, *months)
        names = [column[0] for column in self.db.execute(f"DESCRIBE ({query})").fetchall()]
        assert sorted(n for n in actual.column_names if n in names) == sorted(names), actual.column_names
        columns = ", ".join(f'"{name}"' for name in names)
        self.db.register("actual", actual)
        try:
            missing = self._minus(f"SELECT {columns} FROM ({query})", f"SELECT {columns} FROM actual")
            surplus = self._minus(f"SELECT {columns} FROM actual", f"SELECT {columns} FROM ({query})")
        finally:
            self.db.unregister("actual")
        assert not missing, f"{table} lacks {len(missing)} rows, among them {missing[:3]}; surplus: {surplus[:3]}"
        assert not surplus, f"{table} has {len(surplus)} rows too many, among them {surplus[:3]}"

    def _minus(self, left: str, right: str) -> list[str]:
        # As texts: to hand out times DuckDB would need a library of time zones.
        rows = self.db.execute(f"SELECT rest::VARCHAR FROM ({left} EXCEPT ALL {right}) rest").fetchall()
        return [row for (row,) in rows]
