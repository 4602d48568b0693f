package dev.sluice.testkit;

import static org.apache.spark.sql.functions.col;

import dev.sluice.model.Interval;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Run;
import java.util.function.BiConsumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Takes the sales of an interval from a file into a table; a negative amount is refused. */
public final class Sales extends Extract {
  static final Table SALES =
      Table.iceberg("shop.sales")
          .column("id", "int")
          .column("amount", "double")
          .column("day", "date")
          .partitionedBy("day")
          .checkedBy("sales_positive");

  /** The settings of the job. */
  record Settings(String inbox) {}

  private final BiConsumer<SparkSession, Interval> seen;

  /** As an image has it. */
  public Sales() {
    this((spark, interval) -> {});
  }

  /**
   * One that is watched.
   *
   * @param seen is called when a part is planned, and when it reads
   */
  Sales(BiConsumer<SparkSession, Interval> seen) {
    this.seen = seen;
  }

  @Override
  public JobSpec spec() {
    return JobSpec.extract("load-sales")
        .settings(Settings.class)
        .perInterval()
        .read("sales", Source.csv("${inbox}/sales.csv"))
        .write(SALES, Write.replacePartitions())
        .build();
  }

  @Override
  protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
    seen.accept(rows.sparkSession(), run.interval());
    return run.filter(rows, run.within(col("day")));
  }
}
