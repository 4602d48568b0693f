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

/** Takes one interval of weather from the yearly file into the lake. */
@AutoService(Job.class)
public final class ExtractWeather extends Extract {

  /** What the job can be told from outside. */
  public record Settings(@Doc("Folder of the raw files.") String raw) {}

  @Override
  public JobSpec spec() {
    return JobSpec.extract("extract-weather")
        .describedAs("Takes one interval of weather from the yearly file into the lake")
        .settings(Settings.class)
        .perInterval()
        .read("weather", Source.csv("${raw}/weather.csv").nullValue("NA").except("observed_on"))
        .write(Flights.WEATHER, Write.replacePartitions())
        .build();
  }

  @Override
  protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
    Dataset<Row> dated =
        rows.withColumn("observed_on", make_date(col("year"), col("month"), col("day")));
    return run.filter(dated, run.within(col("observed_on")));
  }
}
