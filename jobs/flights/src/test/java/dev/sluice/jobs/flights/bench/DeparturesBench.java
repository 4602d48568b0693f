package dev.sluice.jobs.flights.bench;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.jobs.flights.CleanDepartures;
import dev.sluice.model.Interval;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import dev.sluice.runtime.lake.Lake;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * One run of {@code clean-departures} in one of three ways: as plain Spark, as a job without a
 * suite, as a job with its suite. Started by {@code ci/bench}, one process a run.
 */
public final class DeparturesBench {
  private DeparturesBench() {}

  /** {@code plain|unchecked|checked INTERVAL WAREHOUSE RAW}; prints what it took as JSON. */
  public static void main(String[] args) throws Exception {
    Interval interval = Interval.parse(args[1]);
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("lake.warehouse", args[2]);
    settings.put("spark.cores", "2");
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = process.getProcessCpuTime();
    long wall = System.nanoTime();
    switch (args[0]) {
      case "plain" -> plain(interval, settings, args[3]);
      case "unchecked" -> job(new Unchecked(), interval, settings, args[3]);
      case "checked" -> job(new CleanDepartures(), interval, settings, args[3]);
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.out.printf(
        "{\"wall\": %.3f, \"cpu\": %.3f}%n",
        (System.nanoTime() - wall) / 1e9, (process.getProcessCpuTime() - cpu) / 1e9);
    System.exit(0);
  }

  private static void job(Job job, Interval interval, Map<String, String> settings, String raw) {
    settings.put("raw", raw);
    Committed.run(job, Optional.of(interval), settings);
  }

  /** The job without its gate: the same reads, joins and table, and no suite. */
  private static final class Unchecked extends Transform<CleanDepartures.In> {
    private final CleanDepartures checked = new CleanDepartures();

    @Override
    public JobSpec spec() {
      JobSpec spec = checked.spec();
      Table table = spec.table().orElseThrow();
      Table own =
          Table.of(table.format(), "flights.departures_unchecked")
              .describedAs(table.comment())
              .withColumns(table.columns())
              .key(table.key().toArray(String[]::new))
              .partitionedBy(table.partitions().toArray(String[]::new));
      JobSpec.Builder builder =
          JobSpec.transform("clean-departures-unchecked").settings(spec.settings()).perInterval();
      spec.reads().forEach(read -> builder.read(read.name(), read.source()));
      return builder.write(own, Write.replacePartitions()).build();
    }

    @Override
    protected Dataset<Row> transform(CleanDepartures.In in, Run run) {
      return joined(in.flights(), in.weather(), in.airlines(), in.planes());
    }
  }

  /** What a team would write without Sluice, in a session with the same settings. */
  private static void plain(Interval interval, Map<String, String> settings, String raw)
      throws Exception {
    try (Lake lake = Lake.open(settings)) {
      SparkSession spark = lake.spark();
      Dataset<Row> joined =
          joined(
              within(spark.read().table("lake.flights.flights"), "flight_date", interval),
              within(spark.read().table("lake.flights.weather"), "observed_on", interval),
              csv(spark, raw + "/airlines.csv", "carrier string, name string"),
              csv(
                  spark,
                  raw + "/planes.csv",
                  "tailnum string, year int, type string, manufacturer string, model string,"
                      + " engines int, seats int, speed int, engine string"));
      Dataset<Row> rows =
          joined.selectExpr(
              new CleanDepartures()
                  .spec()
                  .table()
                  .orElseThrow()
                  .columnNames()
                  .toArray(String[]::new));
      if (!spark.catalog().tableExists("lake.flights.departures_plain")) {
        rows.limit(0)
            .writeTo("lake.flights.departures_plain")
            .partitionedBy(col("year"), col("month"))
            .create();
      }
      rows.writeTo("lake.flights.departures_plain").overwritePartitions();
    }
  }

  private static Dataset<Row> within(Dataset<Row> rows, String column, Interval interval) {
    return rows.where(
        col(column).geq(lit(interval.start())).and(col(column).lt(lit(interval.end()))));
  }

  private static Dataset<Row> csv(SparkSession spark, String path, String schema) {
    return spark.read().schema(schema).option("header", "true").option("nullValue", "NA").csv(path);
  }

  private static Dataset<Row> joined(
      Dataset<Row> flights, Dataset<Row> weather, Dataset<Row> airlines, Dataset<Row> planes) {
    return flights
        .join(
            broadcast(airlines.withColumnRenamed("name", "airline")),
            new String[] {"carrier"},
            "left")
        .join(
            broadcast(planes.select(col("tailnum"), col("year").as("plane_year"), col("seats"))),
            new String[] {"tailnum"},
            "left")
        .join(
            weather.select("origin", "time_hour", "temp", "wind_speed", "visib"),
            new String[] {"origin", "time_hour"},
            "left")
        .drop("day", "dep_time", "sched_dep_time", "arr_time", "sched_arr_time")
        .drop("air_time", "hour", "minute");
  }
}
