package dev.sluice.jobs.flights;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.make_date;

import com.google.auto.service.AutoService;
import dev.sluice.model.Doc;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Run;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Takes one interval of flights from the yearly file into the lake. */
@AutoService(Job.class)
public final class ExtractFlights extends Extract {

  /** What the job can be told from outside. */
  public record Settings(@Doc("Folder of the raw files.") String raw) {}

  @Override
  public JobSpec spec() {
    return JobSpec.extract("extract-flights")
        .describedAs("Takes one interval of flights from the yearly file into the lake")
        .settings(Settings.class)
        .perInterval()
        .read("flights", Source.csv("${raw}/flights.csv").nullValue("NA").except("flight_date"))
        .write(Flights.FLIGHTS, Write.replacePartitions())
        .build();
  }

  @Override
  protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
    Dataset<Row> dated =
        rows.withColumn("flight_date", make_date(col("year"), col("month"), col("day")));
    return run.filter(dated, run.within(col("flight_date")));
  }
}
