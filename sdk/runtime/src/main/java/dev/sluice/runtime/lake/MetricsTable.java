package dev.sluice.runtime.lake;

import dev.sluice.model.Table;
import dev.sluice.quality.history.Metric;
import java.util.List;
import org.apache.iceberg.expressions.Expressions;

/** The figures of all runs that wrote one table, each run's appended to those before. */
public final class MetricsTable {
  private final Table table;
  private final RecordTable records;

  MetricsTable(Lake lake, Table measured) {
    this.table =
        Table.iceberg(measured.name() + "_metrics")
            .describedAs("Figures of the runs that wrote " + measured.name())
            .withColumns(Metric.COLUMNS);
    this.records = new RecordTable(lake, table);
  }

  Table table() {
    return table;
  }

  /** The table's name in the catalog. */
  public String name() {
    return table.name();
  }

  /** The figures of all runs of a job; none where the table is not there yet. */
  public List<Metric> history(String job) {
    return records
        .find()
        .map(there -> RecordTable.read(there, Expressions.startsWith("run_key", job + "/")))
        .orElse(List.of())
        .stream()
        .map(Metric::ofCells)
        .toList();
  }

  /** Appends the figures of one run in one commit. */
  public void append(List<Metric> metrics) {
    org.apache.iceberg.Table there = records.prepare();
    List<List<Object>> rows = metrics.stream().map(Metric::cells).toList();
    there.newAppend().appendFile(RecordTable.write(there, rows)).commit();
  }
}
