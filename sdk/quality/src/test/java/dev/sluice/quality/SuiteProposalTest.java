package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.profile.Profiler;
import dev.sluice.quality.profile.SuiteProposal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is proposed for rows, and that it holds for them. */
class SuiteProposalTest {

  @Test
  void aTableOfOrders() {
    Dataset<Row> rows =
        rows(
            1_000,
            "1000 + id AS order_id",
            "concat('SKU-', 10 + id % 90) AS article",
            "element_at(array('eu', 'us', 'asia'), cast(id % 3 + 1 AS int)) AS region",
            "if(id % 50 = 0, null, cast(id % 400 AS double) / 8) AS amount",
            "date '2021-05-17' + cast(id % 300 AS int) AS ordered_on",
            "id % 7 = 0 AS gift",
            "repeat('many words ', cast(1 + id % 13 AS int)) AS remark",
            "cast(if(id % 5 < 3, 10, 99) AS int) AS code");

    assertThat(brief(proposal(rows)))
        .containsExactly(
            "expect_table_row_count_to_be_between {\"min_value\":500,\"max_value\":2000} warning",
            "expect_column_values_to_be_of_type {\"column\":\"order_id\",\"type_\":\"LongType\"}",
            "expect_column_values_to_not_be_null {\"column\":\"order_id\"}",
            "expect_column_values_to_be_unique {\"column\":\"order_id\"}",
            "expect_column_values_to_be_of_type {\"column\":\"article\",\"type_\":\"StringType\"}",
            "expect_column_values_to_not_be_null {\"column\":\"article\"}",
            "expect_column_values_to_match_regex"
                + " {\"column\":\"article\",\"regex\":\"^[A-Z]{3}-[0-9]{2}$\"}",
            "expect_column_values_to_be_of_type {\"column\":\"region\",\"type_\":\"StringType\"}",
            "expect_column_values_to_not_be_null {\"column\":\"region\"}",
            "expect_column_values_to_be_in_set"
                + " {\"column\":\"region\",\"value_set\":[\"asia\",\"eu\",\"us\"]}",
            "expect_column_values_to_be_of_type {\"column\":\"amount\",\"type_\":\"DoubleType\"}",
            "expect_column_values_to_not_be_null {\"column\":\"amount\",\"mostly\":0.98} warning",
            "expect_column_values_to_be_between"
                + " {\"column\":\"amount\",\"min_value\":0,\"max_value\":50}",
            "expect_column_values_to_be_of_type"
                + " {\"column\":\"ordered_on\",\"type_\":\"DateType\"}",
            "expect_column_values_to_not_be_null {\"column\":\"ordered_on\"}",
            "expect_column_values_to_be_between"
                + " {\"column\":\"ordered_on\",\"min_value\":\"2021-01-01\"}",
            "expect_column_values_to_be_of_type {\"column\":\"gift\",\"type_\":\"BooleanType\"}",
            "expect_column_values_to_not_be_null {\"column\":\"gift\"}",
            "expect_column_values_to_be_of_type {\"column\":\"remark\",\"type_\":\"StringType\"}",
            "expect_column_values_to_not_be_null {\"column\":\"remark\"}",
            "expect_column_value_lengths_to_be_between"
                + " {\"column\":\"remark\",\"min_value\":10,\"max_value\":150}",
            "expect_column_values_to_be_of_type {\"column\":\"code\",\"type_\":\"IntegerType\"}",
            "expect_column_values_to_not_be_null {\"column\":\"code\"}",
            "expect_column_values_to_be_in_set {\"column\":\"code\",\"value_set\":[10,99]}");
    holds(rows);
  }

  @Test
  void everyExpectationSaysWhatItWasTakenFrom() {
    ObjectNode suite =
        proposal(
            rows(
                1_000,
                "id AS key",
                "if(id < 20, null, concat('x', id)) AS code",
                "if(id % 4 = 0, 'a', 'b') AS letter",
                "if(id = 7, double('NaN'), id / 4) AS measure"));

    assertThat(suite.get("expectations"))
        .extracting(node -> node.get("description").asText())
        .containsExactly(
            "1,000 rows when profiled; about half to double of that",
            "the column is bigint",
            "none of 1,000 rows was null",
            "no value stands twice in 1,000 rows, counted exactly",
            "the column is string",
            "20 of 1,000 rows were null (2.00 %); a warning, so that such rows stay",
            "no value stands twice in 980 rows, counted exactly",
            "980 of 980 values look like a9 (A, a: letters, 9: digits); about 980 distinct",
            "the column is string",
            "none of 1,000 rows was null",
            "2 different values in 1,000 rows: b 750 times, a 250 times",
            "the column is double",
            "none of 1,000 rows was null",
            "from 0 to 249.75, mean 125.0; 1 values are NaN or infinite, a warning, so that such"
                + " rows stay");
    assertThat(suite.get("notes").get(0).asText())
        .isEqualTo(
            "Proposed from 1,000 rows. It holds for those and knows no others: read every"
                + " description, then widen, narrow or delete.");
  }

  static Stream<Arguments> strangeColumns() {
    return Stream.of(
        Arguments.of("null everywhere", "cast(null AS int)"),
        Arguments.of("no type", "null"),
        Arguments.of("one value", "'same'"),
        Arguments.of(
            "NaN and infinities",
            "element_at(array(double('NaN'), double('inf'), double('-inf'), id / 3), cast(id % 4 + 1 AS int))"),
        Arguments.of("only NaN", "double('NaN')"),
        Arguments.of("two zeros", "if(id % 2 = 0, double('-0.0'), double('0.0'))"),
        Arguments.of(
            "greatest double", "if(id % 2 = 0, 1.7976931348623157E308D, -1.7976931348623157E308D)"),
        Arguments.of("least double", "if(id % 2 = 0, 4.9E-324D, 0D)"),
        Arguments.of("floats", "cast(id / 7 AS float)"),
        Arguments.of("one float", "cast(0.1 AS float)"),
        Arguments.of(
            "decimals of 38 digits",
            "cast(concat('12345678901234567890.', 100000000000000000 + id) AS decimal(38,18))"),
        Arguments.of("money", "cast(id AS decimal(12,2)) / 100"),
        Arguments.of("longs of 19 digits", "9223372036854775807 - id * (id % 2)"),
        Arguments.of(
            "the whole range of longs",
            "if(id % 2 = 0, -9223372036854775808, 9223372036854775807)"),
        Arguments.of("bytes", "cast(id % 120 AS tinyint)"),
        Arguments.of("timestamps", "timestamp_seconds(1234567890 + id * 3600)"),
        Arguments.of(
            "timestamps without zone", "cast(timestamp_seconds(1234567890 + id) AS timestamp_ntz)"),
        Arguments.of("dates before 1582", "date '1492-10-12' + cast(id AS int)"),
        Arguments.of("dates before the year 1", "date '-0044-03-15' + cast(id AS int)"),
        Arguments.of("dates after 9999", "date '+12000-03-15' + cast(id AS int)"),
        Arguments.of("array", "array(id)"),
        Arguments.of("map", "map('k', id)"),
        Arguments.of("struct, at times null", "if(id % 10 = 0, null, struct(id, 'x'))"),
        Arguments.of("bytes without text", "cast('abc' AS binary)"),
        Arguments.of("interval", "make_dt_interval(cast(id AS int))"),
        Arguments.of("empty text", "''"),
        Arguments.of("empty text at times", "if(id % 3 = 0, '', concat('x', id))"),
        Arguments.of("emoji", "concat(repeat('🙂', cast(id % 150 AS int)), 'é')"),
        Arguments.of("line ends", "concat('a', id, '\\n')"),
        Arguments.of("quotes and backslashes", "concat('\"\\\\', id)"),
        Arguments.of("long text", "repeat('x', 1000)"),
        Arguments.of("nearly always null", "if(id = 7, 1, null)"),
        Arguments.of("nearly never null", "if(id = 7, null, id)"),
        Arguments.of("a stranger among codes", "if(id = 7, '???', concat('A', id))"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("strangeColumns")
  void theProposalHoldsForTheRowsItWasMadeFrom(String what, String expression) {
    Dataset<Row> rows = rows(400, "(" + expression + ") AS `" + what + "`", "'x' AS other");

    holds(rows);
    assertThat(brief(proposal(rows))).anyMatch(line -> line.contains("\"" + what + "\""));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"with a space", "with.dots", "MiXeD", "quote\"d", "Größe", "back\\slash"})
  void namesOfColumnsMayBeStrange(String name) {
    Dataset<Row> rows = rows(400, "id % 3 * 2 AS `" + name + "`", "id % 2 AS other");

    holds(rows);
    assertThat(proposal(rows).get("expectations"))
        .extracting(node -> node.get("kwargs").path("column").asText())
        .contains(name);
  }

  @ParameterizedTest(name = "{0} rows")
  @ValueSource(ints = {1, 2, 19, 20, 101})
  void fewRowsProveLittle(int count) {
    Dataset<Row> rows = rows(count, "id", "concat('A', id) AS code", "id % 2 * 5 AS flag");

    holds(rows);
    List<String> proposed = brief(proposal(rows));
    assertThat(proposed.stream().anyMatch(line -> line.contains("unique"))).isEqualTo(count >= 20);
    assertThat(proposed.stream().anyMatch(line -> line.contains("regex"))).isEqualTo(count >= 20);
    assertThat(proposed.stream().anyMatch(line -> line.contains("in_set"))).isEqualTo(count >= 20);
  }

  @Test
  void notesNameWhatNoExpectationSays() {
    JsonNode notes =
        proposal(
                rows(
                    400,
                    "cast(null AS int) AS nothing",
                    "array(id) AS list",
                    "cast(id AS double) AS number",
                    "id / 3 AS fraction"))
            .get("notes");

    assertThat(notes)
        .extracting(JsonNode::asText)
        .endsWith(
            "Column 'nothing' (int) is always null; only its type is asked for.",
            "Column 'list' (array<bigint>) was looked at only for nulls, not inside its values.",
            "Column 'number' (double) holds only whole numbers.")
        .hasSize(4);
  }

  @Test
  void keysAreCountedExactly() {
    // One copy among 50,000: no estimate would see it.
    Dataset<Row> rows =
        rows(
            50_000,
            "id AS key",
            "if(id = 7, 8, id) AS nearly",
            "id div 2 AS half",
            "id % 2 AS odd");

    assertThat(Profiler.profile(rows, List.of("half", "odd")).keys())
        .containsExactly(List.of("key"), List.of("half", "odd"));
    assertThat(Profiler.profile(rows, List.of("half", "nearly")).keys())
        .containsExactly(List.of("key"), List.of("half", "nearly"));
    assertThat(Profiler.profile(rows.union(rows.limit(1)), List.of("half", "odd")).keys())
        .isEmpty();
  }

  @Test
  void tooManyLikelyKeysAreNamedInANote() {
    Dataset<Row> rows =
        rows(
            500,
            IntStream.range(0, 8).mapToObj(i -> "id + " + i + " AS k" + i).toArray(String[]::new));

    assertThat(Profiler.profile(rows).uncounted()).containsExactly("k6", "k7");
    assertThat(proposal(rows).get("notes"))
        .extracting(JsonNode::asText)
        .contains(
            "Column 'k7' may be a key, but there were more such columns than are counted exactly.");
  }

  @Test
  void partitionsMakeNoDifference() {
    String[] columns = {
      "id % 3000 AS n",
      "concat('A', id % 150) AS code",
      "id / 3 AS f",
      "if(id % 9 = 0, null, 'x') AS t"
    };
    String one = Json.pretty(proposal(rows(20_000, columns).coalesce(1)));
    String many = Json.pretty(proposal(rows(20_000, columns).repartition(23)));

    assertThat(many).isEqualTo(one);
  }

  @Test
  void aSampleDoesNotProposeHowManyRowsThereAre() {
    JsonNode suite = SuiteProposal.of(Profiler.profile(rows(50, "id")).named("some").ofSample());

    assertThat(suite.get("name").asText()).isEqualTo("some");
    assertThat(suite.get("notes").get(0).asText()).startsWith("Proposed from a sample of 50 rows.");
    assertThat(brief(suite)).noneMatch(line -> line.contains("row_count"));
  }

  @Test
  void noRowsAreNothingToLearnFrom() {
    Dataset<Row> none = rows(10, "id").where("id > 10");

    assertThatThrownBy(() -> SuiteProposal.of(Profiler.profile(none).named("orders")))
        .isInstanceOfSatisfying(
            SluiceException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.DATA))
        .hasMessage(
            "Cannot propose a suite for orders: it has no rows. Fill it first, or profile another"
                + " table");
  }

  @Test
  void fiveHundredColumnsAreReadInOnePass() throws TimeoutException {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      columns.add("id % " + (200 + i) + " AS n" + i);
      columns.add("concat('A', id + " + i + ") AS t" + i);
      columns.add("id / " + (i + 3) + " AS d" + i);
      columns.add("date '2020-01-01' + cast((id + " + i + ") % 500 AS int) AS on" + i);
      columns.add("cast(id AS decimal(20,4)) / " + (i + 1) + " AS m" + i);
    }
    Dataset<Row> rows = rows(2_000, columns.toArray(String[]::new));

    int tasks = tasks(() -> assertThat(Profiler.profile(rows).columns()).hasSize(500));

    // Two partitions once, then two and the shuffle's for the exact count of likely keys.
    assertThat(tasks).isBetween(4, 8);
  }

  private static int tasks(Runnable work) throws TimeoutException {
    List<Integer> ended = new ArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskEnd(SparkListenerTaskEnd end) {
            ended.add(end.stageId());
          }
        };
    var context = LocalSpark.session().sparkContext();
    context.listenerBus().waitUntilEmpty();
    context.addSparkListener(listener);
    try {
      work.run();
      context.listenerBus().waitUntilEmpty();
      return ended.size();
    } finally {
      context.removeSparkListener(listener);
    }
  }

  private static Dataset<Row> rows(int count, String... columns) {
    return LocalSpark.session()
        .range(0, count, 1, 2)
        .select(Stream.of(columns).map(functions::expr).toArray(Column[]::new));
  }

  private static ObjectNode proposal(Dataset<Row> rows) {
    return SuiteProposal.of(Profiler.profile(rows));
  }

  private static List<String> brief(JsonNode suite) {
    List<String> lines = new ArrayList<>();
    for (JsonNode node : suite.get("expectations")) {
      String severity = node.path("severity").asText();
      lines.add((node.get("type").asText() + " " + node.get("kwargs") + " " + severity).strip());
    }
    return lines;
  }

  /** The suite that is proposed for rows, read from its text, holds over them. */
  private static void holds(Dataset<Row> rows) {
    Evaluation evaluation = Evaluation.of(Json.pretty(proposal(rows)), rows);

    assertThat(evaluation.verdict().failed()).as("expectations that do not hold").isEmpty();
    assertThat(evaluation.verdict().decision()).isEqualTo(Verdict.Decision.PUBLISH);
    assertThat(evaluation.tally().quarantined()).as("rows bound for quarantine").isZero();
  }
}
