package dev.sluice.model;

import java.time.Duration;

/** A small project with a job of every kind. */
final class Flights {
  static final Table FLIGHTS =
      Table.iceberg("flights.flights")
          .describedAs("One row a scheduled flight")
          .column("time_hour", "timestamp", "scheduled hour, UTC")
          .column("carrier", "string", "two letters")
          .key("time_hour", "carrier")
          .tag("owner", "airports")
          .maintenance(
              Maintenance.compact().toFilesOf("256Mi").sortedBy("time_hour"),
              Maintenance.expireSnapshots(Duration.ofDays(5)).keepingAtLeast(3),
              Maintenance.removeOrphans(Duration.ofDays(3)),
              Maintenance.statistics("carrier"));

  static final Table DELAYS =
      Table.parquet("flights.delays")
          .column("carrier", "string")
          .column("month", "int")
          .partitionedBy("month")
          .checkedBy("delays");

  record Raw(@Doc("Folder of the CSV files") String raw) {}

  record Login(
      @Doc("JDBC address") String jdbcUrl,
      Secret jdbcPassword,
      @Default("1000") int batchRows,
      @Default("PT30S") Duration timeout) {}

  static final JobSpec EXTRACT =
      JobSpec.extract("extract-flights")
          .describedAs("Flights as the airports report them")
          .settings(Raw.class)
          .read("flights", Source.csv("${raw}/flights.csv"))
          .write(FLIGHTS, Write.append())
          .build();

  static final JobSpec TRANSFORM =
      JobSpec.transform("delays")
          .describedAs("Delays by carrier and month")
          .settings(Raw.class)
          .read("flights", FLIGHTS.latest().within("time_hour"))
          .read("airlines", Source.csv("${raw}/airlines.csv").column("carrier", "string"))
          .write(DELAYS, Write.replacePartitions())
          .resources("4Gi", "500m")
          .perInterval()
          .changesGrain()
          .build();

  static final JobSpec LOAD =
      JobSpec.load("load-delays")
          .describedAs("Delays for the dashboard")
          .settings(Login.class)
          .read("delays", DELAYS.latest())
          .write(Sink.jdbc("${jdbc-url}", "delays"), Write.replaceTable())
          .build();

  private Flights() {}
}
