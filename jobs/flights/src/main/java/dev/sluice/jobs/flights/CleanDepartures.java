package dev.sluice.jobs.flights;

import static org.apache.spark.sql.functions.broadcast;

import com.google.auto.service.AutoService;
import dev.sluice.model.Doc;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Joins flights with airline, plane and weather; cancelled ones go to quarantine. */
@AutoService(Job.class)
public final class CleanDepartures extends Transform<CleanDepartures.In> {

  /** What the job reads. */
  public record In(
      Dataset<Row> flights, Dataset<Row> weather, Dataset<Row> airlines, Dataset<Row> planes) {}

  /** What the job can be told from outside. */
  public record Settings(@Doc("Folder of the raw files.") String raw) {}

  @Override
  public JobSpec spec() {
    return JobSpec.transform("clean-departures")
        .describedAs("Joins flights with airline, plane and weather at departure")
        .settings(Settings.class)
        .perInterval()
        .read("flights", Flights.FLIGHTS.latest().within("flight_date"))
        .read("weather", Flights.WEATHER.latest().within("observed_on"))
        .read(
            "airlines",
            Source.csv("${raw}/airlines.csv").column("carrier", "string").column("name", "string"))
        .read(
            "planes",
            Source.csv("${raw}/planes.csv")
                .nullValue("NA")
                .column("tailnum", "string")
                .column("year", "int")
                .column("seats", "int"))
        .write(Flights.DEPARTURES, Write.replacePartitions())
        .build();
  }

  @Override
  protected Dataset<Row> transform(In in, Run run) {
    Dataset<Row> airlines = in.airlines().withColumnRenamed("name", "airline");
    Dataset<Row> planes = in.planes().withColumnRenamed("year", "plane_year");
    Dataset<Row> weather =
        in.weather().select("origin", "time_hour", "temp", "wind_speed", "visib");
    return in.flights()
        .join(broadcast(airlines), new String[] {"carrier"}, "left")
        .join(broadcast(planes), new String[] {"tailnum"}, "left")
        .join(weather, new String[] {"origin", "time_hour"}, "left")
        .drop("day", "dep_time", "sched_dep_time", "arr_time", "sched_arr_time")
        .drop("air_time", "hour", "minute");
  }
}
