package dev.sluice.testkit.contract;

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

/** Takes the orders of a file into a table, a month a run. */
public class Orders extends Extract {

  /** The settings of the job. */
  record Settings(@Doc("Folder of the orders.") String inbox) {}

  private final Table table;
  private final Write write;
  private final UnaryOperator<Dataset<Row>> body;
  private final String[] made;

  protected Orders(Table table, Write write) {
    this(table, write, UnaryOperator.identity());
  }

  private Orders(Table table, Write write, UnaryOperator<Dataset<Row>> body, String... made) {
    this.table = table;
    this.write = write;
    this.body = body;
    this.made = made;
  }

  public static Orders into(Table table, Write write) {
    return new Orders(table, write);
  }

  /** Reads only the id, and makes the other columns. */
  static Orders making(Table table, UnaryOperator<Dataset<Row>> body) {
    String[] made =
        table.columnNames().stream().filter(name -> !name.equals("id")).toArray(String[]::new);
    return new Orders(table, Write.replacePartitions(), body, made);
  }

  @Override
  public JobSpec spec() {
    return JobSpec.extract("load-orders")
        .settings(Settings.class)
        .perInterval()
        .read("orders", Source.csv("${inbox}/orders.csv").except(made))
        .write(table, write)
        .build();
  }

  @Override
  protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
    return body.apply(rows);
  }
}
