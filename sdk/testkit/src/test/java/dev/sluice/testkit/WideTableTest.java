package dev.sluice.testkit;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Json;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.route.RowLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A table of two thousand columns behind a suite of five hundred expectations. */
@SluiceTest
class WideTableTest {
  private static final int COLUMNS = 2000;
  private static final int CHECKS = 500;
  private static final int ROWS = 40;
  private static final int PERIOD = 61;

  @BeforeAll
  static void suite() throws Exception {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "wide");
    for (int check = 0; check < CHECKS; check++) {
      ObjectNode one = suite.withArray("expectations").addObject();
      one.put("type", "expect_column_values_to_be_between");
      one.putObject("kwargs").put("column", column(check)).put("min_value", 1);
      one.withObject("/meta/sluice").put("id", "check-" + check);
    }
    suite.withObject("/meta/sluice").put("limit", 1);
    Given.suite("wide", suite);
  }

  private static String column(int check) {
    return "c" + check * (COLUMNS / CHECKS);
  }

  private static int value(int id, int column) {
    return (id * 7 + column) % PERIOD;
  }

  private static final class Wide extends Extract {
    @Override
    public JobSpec spec() {
      Table table = Table.iceberg("shop.wide").column("id", "int").checkedBy("wide");
      for (int i = 0; i < COLUMNS; i++) {
        table = table.column("c" + i, "int");
      }
      String[] made = IntStream.range(0, COLUMNS).mapToObj(i -> "c" + i).toArray(String[]::new);
      return JobSpec.extract("widen")
          .settings(Sample.Settings.class)
          .read("orders", Source.csv("${inbox}/orders.csv").except(made))
          .write(table, Write.replaceTable())
          .build();
    }

    @Override
    protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
      Column id = col("id").cast("int");
      List<Column> columns = new ArrayList<>(List.of(id.as("id"), col(RowLayout.RAW)));
      for (int i = 0; i < COLUMNS; i++) {
        columns.add(id.multiply(7).plus(i).mod(PERIOD).as("c" + i));
      }
      return rows.select(columns.toArray(Column[]::new));
    }
  }

  @Test
  void everyRowNamesJustTheChecksThatItFails(JobHarness job) {
    Given.orders(job, ROWS, id -> id + ",1,eu");

    JobResult result = job.run(new Wide());

    assertThat(result.receipt().error()).isEmpty();
    TreeMap<Integer, List<String>> expected = new TreeMap<>();
    for (int id = 0; id < ROWS; id++) {
      int row = id;
      expected.put(
          id,
          IntStream.range(0, CHECKS)
              .filter(check -> value(row, check * (COLUMNS / CHECKS)) < 1)
              .mapToObj(check -> "check-" + check)
              .toList());
    }
    TreeMap<Integer, List<String>> found = new TreeMap<>();
    result.rows().forEach(row -> found.put(row.getAs("id"), List.of()));
    result.quarantine().forEach(row -> found.put(row.getAs("id"), JobResult.reasons(row)));
    assertThat(found).isEqualTo(expected);
  }
}
