package dev.sluice.testkit;

import static org.apache.spark.sql.functions.lit;

import dev.sluice.model.Column;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Run;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Takes a test's rows into a table, unchecked. */
final class GivenRows extends Extract {
  private final Table table;
  private final String file;
  private final List<String> named;

  GivenRows(Table table, String file, String header) {
    this.table = table;
    this.file = file;
    this.named = Arrays.stream(header.split(",", -1)).map(String::strip).toList();
  }

  @Override
  public JobSpec spec() {
    String[] unnamed =
        table.columnNames().stream().filter(name -> !named.contains(name)).toArray(String[]::new);
    return JobSpec.extract("given-" + table.name().replaceAll("[._]", "-"))
        .read("rows", Source.csv(file).except(unnamed))
        .write(table.checkedBy(null), Write.replaceTable())
        .build();
  }

  @Override
  protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
    Dataset<Row> all = rows;
    for (Column column : table.columns()) {
      if (!named.contains(column.name())) {
        all = all.withColumn(column.name(), lit(null).cast(column.type()));
      }
    }
    return all;
  }
}
