package dev.sluice.jobs.flights;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import com.google.auto.service.AutoService;
import dev.sluice.model.Default;
import dev.sluice.model.Doc;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Sums up delays by day, airport and airline. */
@AutoService(Job.class)
public final class DelayStats extends Transform<DelayStats.In> {

  /** What the job reads. */
  public record In(Dataset<Row> departures) {}

  /** What the job can be told from outside. */
  public record Settings(
      @Default("15") @Doc("Minutes from which a departure is late.") int lateFrom) {}

  @Override
  public JobSpec spec() {
    return JobSpec.transform("delay-stats")
        .describedAs("Sums up delays by day, airport and airline")
        .settings(Settings.class)
        .perInterval()
        .changesGrain()
        .read("departures", Flights.DEPARTURES.latest().within("flight_date"))
        .write(Flights.DELAY_STATS, Write.replacePartitions())
        .build();
  }

  @Override
  protected Dataset<Row> transform(In in, Run run) {
    int lateFrom = run.settings(Settings.class).lateFrom();
    return in.departures()
        .groupBy("flight_date", "origin", "carrier", "airline", "year", "month")
        .agg(
            count(lit(1)).as("departures"),
            count_if(col("dep_delay").geq(lateFrom)).as("late_departures"),
            avg(col("dep_delay")).as("mean_dep_delay"),
            max(col("dep_delay")).as("worst_dep_delay"));
  }
}
