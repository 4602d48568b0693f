package dev.sluice.testkit;

import dev.sluice.model.Doc;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Run;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A job for the tests of the life cycle: reads {@code orders.csv} into one table. */
final class Sample extends Extract {
  static final Table ORDERS =
      Table.iceberg("shop.orders")
          .column("id", "int")
          .column("amount", "double")
          .column("region", "string")
          .partitionedBy("region");

  /** The settings of the job. */
  record Settings(@Doc("Folder of the orders.") String inbox) {}

  private final Table table;
  private final UnaryOperator<Dataset<Row>> body;

  private Sample(Table table, UnaryOperator<Dataset<Row>> body) {
    this.table = table;
    this.body = body;
  }

  static Sample job() {
    return into(ORDERS);
  }

  static Sample into(Table table) {
    return new Sample(table, UnaryOperator.identity());
  }

  static Sample doing(UnaryOperator<Dataset<Row>> body) {
    return new Sample(ORDERS, body);
  }

  static Sample doing(String suite, UnaryOperator<Dataset<Row>> body) {
    return new Sample(ORDERS.checkedBy(suite), body);
  }

  static Sample checkedBy(String suite) {
    return into(ORDERS.checkedBy(suite));
  }

  @Override
  public JobSpec spec() {
    return JobSpec.extract("load-orders")
        .settings(Settings.class)
        .read("orders", Source.csv("${inbox}/orders.csv"))
        .write(table, Write.replacePartitions())
        .build();
  }

  @Override
  protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
    return body.apply(rows);
  }
}
