package dev.sluice.testkit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/**
 * Values at the edge of what a check allows, of types that lose digits or hours where care is
 * lacking.
 */
@SluiceTest
class ExactTypesTest {
  /**
   * A column, a value that its check lets pass by the least there is, and one that it does not.
   *
   * @param kwargs the check's, beside the column
   */
  private record Edge(
      String column, String type, String passes, String fails, String checked, String kwargs) {
    Edge(String column, String type, String passes, String fails, String kwargs) {
      this(column, type, passes, fails, column, kwargs);
    }
  }

  private static final String DECIMAL = "CAST('12345678901234567890.%s' AS DECIMAL(38,18))";

  private static final List<Edge> EDGES =
      List.of(
          new Edge(
              "fine_decimal",
              "decimal(38,18)",
              String.format(DECIMAL, "000000000000000000"),
              String.format(DECIMAL, "000000000000000001"),
              "{\"max_value\": 12345678901234567890}"),
          new Edge(
              "long_number",
              "bigint",
              "9223372036854775806",
              "9223372036854775807",
              "{\"max_value\": 9223372036854775806}"),
          new Edge(
              "instant_at_dst",
              "timestamp",
              "TIMESTAMP '2024-10-27T02:30:00+02:00'",
              "TIMESTAMP '2024-10-27T00:29:59.999999Z'",
              "{\"min_value\": \"2024-10-27T00:30:00+00:00\"}"),
          new Edge(
              "wall_clock",
              "timestamp_ntz",
              "TIMESTAMP_NTZ '2024-03-31T02:30:00'",
              "TIMESTAMP_NTZ '2024-03-31T02:29:59.999999'",
              "{\"min_value\": \"2024-03-31T02:30:00\"}"),
          new Edge(
              "old_date",
              "date",
              "DATE '1500-03-01'",
              "DATE '1500-02-28'",
              "{\"min_value\": \"1500-03-01\"}"),
          new Edge("composed", "string", "'\u00e9'", "'e\u0301'", "{\"value_set\": [\"\u00e9\"]}"),
          new Edge(
              "smile",
              "string",
              "'\uD83D\uDE00'",
              "'\uD83D\uDE01'",
              "{\"value_set\": [\"\uD83D\uDE00\"]}"),
          new Edge(
              "right_to_left",
              "string",
              "'\u05D0\u05D1'",
              "'\u202E\u05D0\u05D1'",
              "{\"value_set\": [\"\u05D0\u05D1\"]}"),
          new Edge(
              "nested",
              "struct<inner:int>",
              "named_struct('inner', 1)",
              "named_struct('inner', 2)",
              "nested.inner",
              "{\"max_value\": 1}"),
          new Edge(
              "listed",
              "array<int>",
              "array(1, 5)",
              "array(2, 5)",
              "listed[0]",
              "{\"max_value\": 1}"),
          new Edge(
              "mapped", "map<string,int>", "map('a', 1)", "CAST(NULL AS MAP<STRING,INT>)", "{}"));

  private static final int ROWS = 60;

  private static Table table() {
    Table table = Table.iceberg("shop.types").column("id", "int");
    for (Edge edge : EDGES) {
      table = table.column(edge.column(), edge.type());
    }
    return table.checkedBy("types");
  }

  @BeforeAll
  static void suite() throws Exception {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "types");
    for (Edge edge : EDGES) {
      ObjectNode one = suite.withArray("expectations").addObject();
      ObjectNode kwargs = (ObjectNode) Json.mapper().readTree(edge.kwargs());
      one.put(
          "type",
          kwargs.has("value_set")
              ? "expect_column_values_to_be_in_set"
              : kwargs.isEmpty()
                  ? "expect_column_values_to_not_be_null"
                  : "expect_column_values_to_be_between");
      one.set("kwargs", kwargs.put("column", edge.checked()));
      one.withObject("/meta/sluice").put("id", edge.column());
    }
    suite.withObject("/meta/sluice").put("limit", 1);
    Given.suite("types", suite);
  }

  /** Whether the row with this id holds the value of an edge that fails. */
  private static boolean fails(int id, int edge) {
    return id % (edge + 2) == 0;
  }

  private static final class Typed extends Extract {
    @Override
    public JobSpec spec() {
      String[] made = EDGES.stream().map(Edge::column).toArray(String[]::new);
      return JobSpec.extract("type")
          .settings(Sample.Settings.class)
          .read("orders", Source.csv("${inbox}/orders.csv").except(made))
          .write(table(), Write.replaceTable())
          .build();
    }

    @Override
    protected Dataset<Row> extract(Dataset<Row> rows, Run run) {
      List<Column> columns = new ArrayList<>(List.of(col("id").cast("int").as("id")));
      for (int i = 0; i < EDGES.size(); i++) {
        Edge edge = EDGES.get(i);
        String value = "IF(id % %d = 0, %s, %s)".replaceFirst("%d", Integer.toString(i + 2));
        columns.add(
            expr(value
                    .replaceFirst("%s", java.util.regex.Matcher.quoteReplacement(edge.fails()))
                    .replaceFirst("%s", java.util.regex.Matcher.quoteReplacement(edge.passes())))
                .cast(edge.type())
                .as(edge.column()));
      }
      columns.add(col(RowLayout.RAW));
      return rows.select(columns.toArray(Column[]::new));
    }
  }

  @Test
  void everyRowGoesWhereItsValuesSay(JobHarness job) {
    Given.orders(job, ROWS, id -> id + ",1,eu");

    JobResult result = job.run(new Typed());

    assertThat(result.receipt().error()).isEmpty();
    TreeMap<Integer, List<String>> expected = new TreeMap<>();
    TreeMap<Integer, List<String>> found = new TreeMap<>();
    for (int id = 0; id < ROWS; id++) {
      int row = id;
      expected.put(
          id,
          IntStream.range(0, EDGES.size())
              .filter(edge -> fails(row, edge))
              .mapToObj(edge -> EDGES.get(edge).column())
              .toList());
    }
    result.rows().forEach(row -> found.put(row.getAs("id"), List.of()));
    result.quarantine().forEach(row -> found.put(row.getAs("id"), JobResult.reasons(row)));
    assertThat(found).isEqualTo(expected);
    assertThat(result.rows().size() + result.quarantine().size()).isEqualTo(ROWS);
    JsonNode validation =
        Json.mapper()
            .valueToTree(result.receipt().quality().orElseThrow().validation().orElseThrow());
    for (int edge = 0; edge < EDGES.size(); edge++) {
      int index = edge;
      assertThat(validation.at("/results/" + edge + "/result/unexpected_count").asLong())
          .as("%s", EDGES.get(edge))
          .isEqualTo(IntStream.range(0, ROWS).filter(id -> fails(id, index)).count());
    }
  }
}
