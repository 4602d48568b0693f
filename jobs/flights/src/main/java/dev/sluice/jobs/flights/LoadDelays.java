package dev.sluice.jobs.flights;

import com.google.auto.service.AutoService;
import dev.sluice.model.Default;
import dev.sluice.model.Doc;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Secret;
import dev.sluice.model.Sink;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Load;

/** Loads the delay figures into a database. */
@AutoService(Job.class)
public final class LoadDelays extends Load {

  /** What the job can be told from outside. */
  public record Settings(
      @Doc("JDBC address of the database.") String jdbcUrl,
      @Default("") @Doc("User of the database.") String jdbcUser,
      @Default("") @Doc("Password of that user.") Secret jdbcPassword) {}

  @Override
  public JobSpec spec() {
    return JobSpec.load("load-delays")
        .describedAs("Loads the delay figures into a database")
        .settings(Settings.class)
        .perInterval()
        .read("stats", Flights.DELAY_STATS.latest().within("flight_date"))
        .write(
            Sink.jdbc("${jdbc-url}", "delays").partitionedBy("year", "month"),
            Write.replacePartitions())
        .build();
  }
}
