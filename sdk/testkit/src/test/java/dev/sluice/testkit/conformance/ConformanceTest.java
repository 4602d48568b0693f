package dev.sluice.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases that pass, fail and break are told apart, and none stands in the way of another. */
class ConformanceTest {
  private static final Path CASES = Path.of("src/test/resources/conformance/cases.jsonl");
  @TempDir private static Path folder;
  private static Report report;
  private static List<JsonNode> results;

  @BeforeAll
  static void run() throws IOException {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.datetime.java8API.enabled", "true")
            .getOrCreate();
    Path file = folder.resolve("results.jsonl");
    report = Conformance.run(spark, CASES, file);
    results = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      results.add(Json.mapper().readTree(line));
    }
  }

  @AfterAll
  static void stop() {
    SparkSession.active().stop();
  }

  @Test
  void everyCaseHasItsLine() {
    assertThat(results)
        .extracting(line -> line.get("id").asText())
        .containsExactly("index", "kwargs", "column", "wrong", "close", "table", "stub", "raises");
    assertThat(results.get(0))
        .hasToString(
            "{\"id\":\"index\",\"success\":false,\"result\":{\"element_count\":3,"
                + "\"unexpected_count\":1,\"unexpected_percent\":50.0,"
                + "\"partial_unexpected_list\":[2],"
                + "\"unexpected_index_column_names\":[\"pk_index\"],\"missing_count\":1,"
                + "\"missing_percent\":33.333333333333336,"
                + "\"unexpected_percent_total\":33.333333333333336,"
                + "\"unexpected_percent_nonmissing\":50.0,"
                + "\"partial_unexpected_counts\":[{\"value\":2,\"count\":1}],"
                + "\"partial_unexpected_index_list\":[{\"pk_index\":1,\"n\":2}],"
                + "\"unexpected_list\":[2],"
                + "\"unexpected_index_list\":[{\"pk_index\":1,\"n\":2}]},\"exception\":null}");
  }

  @Test
  void whatCannotBeAnsweredSaysWhy() {
    assertThat(results.get(1).get("exception").asText())
        .contains("/expectations/0/kwargs/min_value", "expected boolean or number or string");
    assertThat(results.get(2).get("exception").asText())
        .isEqualTo("column 'm' does not exist. Did you mean 'n'? Known: n, d, pk_index");
    assertThat(results.get(6).get("exception").asText())
        .startsWith("the test draws random samples");
  }

  @Test
  void theTableTellsThemApart() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    report.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    List<String> lines =
        bytes
            .toString(StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.replaceAll(" +", " "))
            .toList();

    assertThat(lines)
        .contains(
            "wrong failed: observed_value is 3, not 4",
            "close passed, but not strictly: observed_value is 3, not 3.01",
            "type cases passed failed errored strict",
            "expect_column_sum_to_be_between 2 1 1 0 0",
            "expect_column_values_to_be_between 4 2 0 2 2",
            "all 8 4 1 3 3",
            "all that assert something, without stubs 7 4 1 2 3");
    assertThat(report.conforms()).isFalse();
  }
}
