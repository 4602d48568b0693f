package dev.sluice.jobs.flights;

import dev.sluice.model.Table;

/** The tables of this domain; every job uses these constants. */
final class Flights {
  static final Table FLIGHTS =
      Table.iceberg("flights.flights")
          .describedAs("Every flight that was scheduled to leave New York, as delivered")
          .column("flight_date", "date", "local day of the scheduled departure")
          .column("year", "int", "local year of the scheduled departure")
          .column("month", "int", "local month of the scheduled departure")
          .column("day", "int", "local day of month of the scheduled departure")
          .column("dep_time", "int", "local time of departure as hhmm; null if cancelled")
          .column("sched_dep_time", "int", "scheduled local time of departure as hhmm")
          .column("dep_delay", "int", "departure delay in minutes; negative if early")
          .column("arr_time", "int", "local time of arrival as hhmm")
          .column("sched_arr_time", "int", "scheduled local time of arrival as hhmm")
          .column("arr_delay", "int", "arrival delay in minutes; negative if early")
          .column("carrier", "string", "two-letter code of the airline")
          .column("flight", "int", "flight number")
          .column("tailnum", "string", "tail number of the plane")
          .column("origin", "string", "airport of departure: EWR, JFK or LGA")
          .column("dest", "string", "airport of arrival")
          .column("air_time", "int", "time in the air in minutes")
          .column("distance", "int", "distance flown in miles")
          .column("hour", "int", "hour of the scheduled departure")
          .column("minute", "int", "minute of the scheduled departure")
          .column("time_hour", "timestamp", "hour of the scheduled departure, UTC")
          .key("time_hour", "carrier", "flight", "origin")
          .partitionedBy("year", "month")
          .checkedBy("flights");

  static final Table WEATHER =
      Table.iceberg("flights.weather")
          .describedAs("Hourly weather at the three airports of New York")
          .column("observed_on", "date", "local day of the observation")
          .column("origin", "string", "airport: EWR, JFK or LGA")
          .column("year", "int", "local year of the observation")
          .column("month", "int", "local month of the observation")
          .column("day", "int", "local day of month of the observation")
          .column("hour", "int", "local hour of the observation")
          .column("temp", "double", "temperature in degrees Fahrenheit")
          .column("dewp", "double", "dew point in degrees Fahrenheit")
          .column("humid", "double", "relative humidity in percent")
          .column("wind_dir", "double", "wind direction in degrees")
          .column("wind_speed", "double", "wind speed in miles per hour")
          .column("wind_gust", "double", "speed of gusts in miles per hour")
          .column("precip", "double", "precipitation in inches")
          .column("pressure", "double", "sea level pressure in millibars")
          .column("visib", "double", "visibility in miles")
          .column("time_hour", "timestamp", "hour of the observation, UTC")
          .key("origin", "time_hour")
          .partitionedBy("year", "month")
          .checkedBy("weather");

  static final Table DEPARTURES =
      Table.iceberg("flights.departures")
          .describedAs("Flights that did leave, with airline, plane and weather at departure")
          .column("flight_date", "date", "local day of the scheduled departure")
          .column("year", "int", "local year of the scheduled departure")
          .column("month", "int", "local month of the scheduled departure")
          .column("time_hour", "timestamp", "hour of the scheduled departure, UTC")
          .column("carrier", "string", "two-letter code of the airline")
          .column("airline", "string", "name of the airline")
          .column("flight", "int", "flight number")
          .column("tailnum", "string", "tail number of the plane")
          .column("origin", "string", "airport of departure")
          .column("dest", "string", "airport of arrival")
          .column("dep_delay", "int", "departure delay in minutes; negative if early")
          .column("arr_delay", "int", "arrival delay in minutes; negative if early")
          .column("distance", "int", "distance flown in miles")
          .column("plane_year", "int", "year in which the plane was built, where known")
          .column("seats", "int", "seats of the plane, where known")
          .column("temp", "double", "temperature at departure in degrees Fahrenheit")
          .column("wind_speed", "double", "wind speed at departure in miles per hour")
          .column("visib", "double", "visibility at departure in miles")
          .key("time_hour", "carrier", "flight", "origin")
          .partitionedBy("year", "month")
          .checkedBy("departures");

  static final Table DELAY_STATS =
      Table.parquet("flights.delay_stats")
          .describedAs("Delays by day, airport and airline")
          .column("flight_date", "date", "local day of the scheduled departure")
          .column("origin", "string", "airport of departure")
          .column("carrier", "string", "two-letter code of the airline")
          .column("airline", "string", "name of the airline")
          .column("departures", "bigint", "flights that left")
          .column("late_departures", "bigint", "flights that left at least 15 minutes late")
          .column("mean_dep_delay", "double", "mean departure delay in minutes")
          .column("worst_dep_delay", "int", "greatest departure delay in minutes")
          .column("year", "int", "local year of the scheduled departure")
          .column("month", "int", "local month of the scheduled departure")
          .key("flight_date", "origin", "carrier")
          .partitionedBy("year", "month")
          .checkedBy("delay_stats");

  private Flights() {}
}
