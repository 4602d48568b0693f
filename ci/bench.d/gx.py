"""One process of a peer: trips with what the job derives, through Great Expectations or past it, then written.

gx.py plain-spark|gx-spark|gx-pandas TRIPS SUITE OUT; prints what it took as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import
TICKS = os.sysconf("SC_CLK_TCK")


def main(engine: str, trips: str, suite: str, out: str) -> None:
    run = {"plain-spark": plain_spark, "gx-spark": gx_spark, "gx-pandas": gx_pandas}[engine]
    print(json.dumps(run(trips, suite, out)))


def plain_spark(trips: str, _: str, out: str) -> dict[str, float]:
    spark, jvm = session()
    started = clock(jvm)
    derived_spark(spark, trips).write.parquet(out)
    return since(started, jvm)


def gx_spark(trips: str, suite: str, out: str) -> dict[str, float]:
    context, expectations = great_expectations(suite)
    spark, jvm = session()
    source = context.data_sources.add_spark("trips")
    whole = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
    started = clock(jvm)
    rows = derived_spark(spark, trips)
    result = whole.get_batch({"dataframe": rows}).validate(expectations)
    rows.write.parquet(out)
    return {**since(started, jvm), "failed": failed(result)}


def gx_pandas(trips: str, suite: str, out: str) -> dict[str, float]:
    import pandas as pd

    context, expectations = great_expectations(suite)
    source = context.data_sources.add_pandas("trips")
    whole = source.add_dataframe_asset("rows").add_batch_definition_whole_dataframe("all")
    started = clock(None)
    rows = pd.read_parquet(trips)
    rows["duration_s"] = (rows["dropoff_datetime"] - rows["pickup_datetime"]).dt.total_seconds()
    moving = rows["duration_s"] > 0
    rows["speed_mph"] = (rows["trip_distance"] / (rows["duration_s"] / 3600)).where(moving)
    rows["pickup_hour_label"] = rows["pickup_datetime"].dt.strftime("%Y-%m-%dT%H")
    rows["tip_pct"] = (rows["tip_amount"] / rows["fare_amount"]).where(rows["fare_amount"] > 0)
    result = whole.get_batch({"dataframe": rows}).validate(expectations)
    Path(out).mkdir()
    rows.to_parquet(f"{out}/rows.parquet", compression="zstd")
    return {**since(started, None), "failed": failed(result)}


def great_expectations(suite: str) -> tuple[Any, Any]:
    import great_expectations as gx

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = None
    return context, gx.ExpectationSuite(**json.loads(Path(suite).read_text(encoding="utf-8")))


def failed(result: Any) -> float:
    return sum(not one.success for one in result.results)


def session() -> tuple[Any, int]:
    """A Spark session that has run a job, with the settings of the jobs' own; and its process."""
    from pyspark.sql import SparkSession

    settings = {
        "spark.driver.memory": "4g",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.compression.codec": "zstd",
        "spark.ui.enabled": "false",
        "spark.driver.host": "localhost",
    }
    builder = SparkSession.builder.master("local[2]")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    spark.range(1000).repartition(2).write.format("noop").mode("overwrite").save()
    # The gateway starts a shell that becomes the JVM.
    return spark, spark.sparkContext._gateway.proc.pid


def derived_spark(spark: Any, trips: str) -> Any:
    from pyspark.sql import functions as f

    seconds = (f.unix_timestamp("dropoff_datetime") - f.unix_timestamp("pickup_datetime")).cast("double")
    return (
        spark.read.parquet(trips)
        .withColumn("duration_s", seconds)
        .withColumn("speed_mph", f.when(f.col("duration_s") > 0, f.col("trip_distance") / (f.col("duration_s") / 3600)))
        .withColumn("pickup_hour_label", f.date_format("pickup_datetime", "yyyy-MM-dd'T'HH"))
        .withColumn("tip_pct", f.when(f.col("fare_amount") > 0, f.col("tip_amount") / f.col("fare_amount")))
    )


def clock(jvm: int | None) -> tuple[float, float]:
    return time.monotonic(), time.process_time() + jvm_cpu(jvm)


def since(started: tuple[float, float], jvm: int | None) -> dict[str, float]:
    wall, cpu = clock(jvm)
    return {"wall": wall - started[0], "cpu": cpu - started[1], "rss": own_peak() + jvm_peak(jvm)}


def jvm_cpu(jvm: int | None) -> float:
    if jvm is None:
        return 0.0
    fields = Path(f"/proc/{jvm}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def jvm_peak(jvm: int | None) -> int:
    if jvm is None:
        return 0
    lines = Path(f"/proc/{jvm}/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) * 1024


def own_peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
