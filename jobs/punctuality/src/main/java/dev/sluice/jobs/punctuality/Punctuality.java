package dev.sluice.jobs.punctuality;

import dev.sluice.model.Table;

/** The table of this domain, and what it reads of another. */
final class Punctuality {
  /** The table of the flights project, with the columns that are read here and no others. */
  static final Table DEPARTURES =
      Table.iceberg("flights.departures")
          .column("flight_date", "date", "local day of the scheduled departure")
          .column("year", "int", "local year of the scheduled departure")
          .column("month", "int", "local month of the scheduled departure")
          .column("carrier", "string", "two-letter code of the airline")
          .column("airline", "string", "name of the airline")
          .column("dep_delay", "int", "departure delay in minutes; negative if early")
          .partitionedBy("year", "month");

  static final Table AIRLINES =
      Table.iceberg("punctuality.airlines")
          .describedAs("Punctuality of departures by month and airline")
          .column("year", "int", "local year of the scheduled departures")
          .column("month", "int", "local month of the scheduled departures")
          .column("carrier", "string", "two-letter code of the airline")
          .column("airline", "string", "name of the airline")
          .column("departures", "bigint", "flights that left")
          .column("on_time", "bigint", "flights that did not leave late")
          .column("on_time_share", "double", "share of the flights that did not leave late")
          .key("year", "month", "carrier")
          .partitionedBy("year", "month")
          .checkedBy("airlines");

  private Punctuality() {}
}
