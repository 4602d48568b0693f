package dev.sluice.testkit.contract;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Takes all orders of a table into another one, a month a run. */
final class Copies extends Transform<Copies.In> {

  /** What it reads. */
  record In(Dataset<Row> orders) {}

  private final Table from;
  private final Table to;

  Copies(Table from, Table to) {
    this.from = from;
    this.to = to;
  }

  @Override
  public JobSpec spec() {
    return JobSpec.transform("copy-orders")
        .settings(Orders.Settings.class) // which all jobs of a test are given
        .perInterval()
        .read("orders", from.latest())
        .write(to, Write.replaceTable())
        .build();
  }

  @Override
  protected Dataset<Row> transform(In in, Run run) {
    return in.orders();
  }
}
