package dev.sluice.testkit.badinput;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Run;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A job that takes orders from some kind of file, while something happens to the files. */
final class Reading extends Extract {
  static final Table ORDERS =
      Table.iceberg("shop.orders")
          .column("id", "int")
          .column("amount", "double")
          .column("region", "string");

  /** The settings of the job. */
  record Settings(String inbox, String day) {}

  private final Source.Files source;
  private final Runnable meanwhile;
  private int calls;

  Reading(Source.Files source, Runnable meanwhile) {
    this.source = source;
    this.meanwhile = meanwhile;
  }

  @Override
  public JobSpec spec() {
    return JobSpec.extract("load-orders")
        .settings(Settings.class)
        .read("orders", source)
        .write(ORDERS, Write.replaceTable())
        .build();
  }

  /** The first call is the plan's, over empty frames; at the second the files are pinned. */
  @Override
  protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
    if (++calls == 2) {
      meanwhile.run();
    }
    return rows;
  }
}
