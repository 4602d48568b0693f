package dev.sluice.testkit.contract;

import dev.sluice.model.Column;
import dev.sluice.model.Doc;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Sink;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Load;

/** Takes the orders of a file into a database, a month a run. */
class OrdersLoad extends Load {
  static final String NAME = "orders";

  /** The settings of the job. */
  record Settings(
      @Doc("Folder of the orders.") String inbox,
      @Doc("Address of the database.") String jdbcUrl) {}

  private final Table table;
  private final Write write;
  private final String name;

  /** The declaration of a table says what the sink's is to be. */
  OrdersLoad(Table table, Write write) {
    this(table, write, NAME);
  }

  OrdersLoad(Table table, Write write, String name) {
    this.table = table;
    this.write = write;
    this.name = name;
  }

  @Override
  public JobSpec spec() {
    Source.Csv orders = Source.csv("${inbox}/orders.csv");
    for (Column column : write.rowsOf(table).columns()) {
      orders = orders.column(column.name(), column.type());
    }
    JobSpec.Builder spec =
        JobSpec.load("load-orders")
            .settings(Settings.class)
            .perInterval()
            .read("orders", orders)
            .write(
                Sink.jdbc("${jdbc-url}", name)
                    .describedAs(table.comment())
                    .key(table.key().toArray(String[]::new))
                    .partitionedBy(table.partitions().toArray(String[]::new)),
                write);
    table.suiteName().ifPresent(spec::suite);
    return spec.build();
  }
}
