package dev.sluice.jobs.punctuality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;

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

/** Counts by month and airline which departures were on time. */
@AutoService(Job.class)
public final class AirlinePunctuality extends Transform<AirlinePunctuality.In> {

  /** What the job reads. */
  public record In(Dataset<Row> departures) {}

  /** What the job can be told from outside. */
  public record Settings(
      @Default("15") @Doc("Minutes from which a departure is late.") int lateFrom) {}

  @Override
  public JobSpec spec() {
    return JobSpec.transform("airline-punctuality")
        .describedAs("Counts by month and airline which departures were on time")
        .settings(Settings.class)
        .perInterval()
        .changesGrain()
        .read("departures", Punctuality.DEPARTURES.latest().within("flight_date"))
        .write(Punctuality.AIRLINES, Write.replacePartitions())
        .build();
  }

  @Override
  protected Dataset<Row> transform(In in, Run run) {
    int lateFrom = run.settings(Settings.class).lateFrom();
    return in.departures()
        .groupBy("year", "month", "carrier", "airline")
        .agg(count(lit(1)).as("departures"), count_if(col("dep_delay").lt(lateFrom)).as("on_time"))
        .withColumn("on_time_share", col("on_time").divide(col("departures")));
  }
}
