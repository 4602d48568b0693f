package dev.sluice.testkit;

import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;

/** {@link Sample} once a month, into a table that may have been declared anew. */
final class Monthly extends Extract {
  private final Table table;

  Monthly(Table table) {
    this.table = table;
  }

  @Override
  public JobSpec spec() {
    return JobSpec.extract("load-monthly")
        .settings(Sample.Settings.class)
        .perInterval()
        .read("orders", Source.csv("${inbox}/orders.csv"))
        .write(table, Write.replacePartitions())
        .build();
  }
}
