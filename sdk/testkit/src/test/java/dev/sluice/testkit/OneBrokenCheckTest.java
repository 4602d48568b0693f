package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One broken expectation beside fifty others: theirs answers, rows and reasons stay, byte for byte.
 */
@SluiceTest
class OneBrokenCheckTest {
  private static final int GOOD = 50;

  /** Broken ones, by the name of what is wrong with them. */
  private static final String BROKEN =
      """
      {
        "nobody_answers": {
          "type": "expect_column_bootstrapped_ks_test_p_value_to_be_greater_than",
          "kwargs": {"column": "amount", "partition_object": {"bins": [0, 1], "weights": [1]}}
        },
        "condition_fails_on_rows": {
          "type": "expect_column_values_to_not_be_null",
          "kwargs": {"column": "id", "row_condition": "cast(region as int) = 1", "condition_parser": "spark"}
        },
        "aggregate_fails": {
          "type": "expect_column_mean_to_be_between",
          "kwargs": {"column": "amount", "max_value": 1, "row_condition": "1 / (id - id) > 0", "condition_parser": "spark"}
        },
        "key_fails": {
          "type": "expect_column_values_to_be_unique",
          "kwargs": {"column": "id", "row_condition": "raise_error('no') is null", "condition_parser": "spark"}
        },
        "follow_up_fails": {
          "type": "expect_column_value_z_scores_to_be_less_than",
          "kwargs": {"column": "amount", "threshold": 3, "double_sided": true,
            "row_condition": "element_at(array(1), id + 2) = 1", "condition_parser": "spark"}
        },
        "query_fails": {
          "type": "unexpected_rows_expectation",
          "kwargs": {"unexpected_rows_query": "SELECT * FROM {batch} WHERE cast(region AS int) = 1"}
        },
        "values_fail": {
          "type": "expect_column_distinct_values_to_be_in_set",
          "kwargs": {"column": "region", "value_set": ["eu"], "row_condition": "1 / (id - id) > 0",
            "condition_parser": "spark"}
        }
      }
      """;

  /** Put in the middle, so that those after it would move if anything did. */
  private static final int PLACE = 25;

  @BeforeAll
  static void suites() throws Exception {
    write("fifty", good());
    JsonNode all = Json.mapper().readTree(BROKEN);
    for (String name : (Iterable<String>) all::fieldNames) {
      ObjectNode broken = (ObjectNode) all.get(name).deepCopy();
      sluice(broken, "broken", "warn");
      List<ObjectNode> with = new ArrayList<>(good());
      with.add(PLACE, broken);
      write("fifty_and_" + name, with);
    }
  }

  private static void write(String name, List<ObjectNode> expectations) {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "fifty");
    suite.putArray("expectations").addAll(expectations);
    suite.putObject("meta").putObject("sluice").put("limit", 1);
    Given.suite(name, suite);
  }

  /** Ranges that send rows to quarantine, and one of each other kind that only warns. */
  private static List<ObjectNode> good() {
    Stream<ObjectNode> ranges =
        IntStream.range(0, GOOD - 5)
            .mapToObj(
                i -> {
                  ObjectNode one = expectation("expect_column_values_to_be_between", "amount");
                  ((ObjectNode) one.get("kwargs"))
                      .put("min_value", -i)
                      .put("max_value", (i % 3 + 1) * 200 - i);
                  return sluice(one, "range-" + i, "quarantine");
                });
    Stream<ObjectNode> others =
        Stream.of(
                "expect_column_values_to_be_unique",
                "expect_column_mean_to_be_between",
                "expect_column_median_to_be_between",
                "expect_column_unique_value_count_to_be_between",
                "expect_column_value_z_scores_to_be_less_than")
            .map(
                type -> {
                  ObjectNode one = expectation(type, "amount");
                  if (type.contains("z_scores")) {
                    ((ObjectNode) one.get("kwargs")).put("threshold", 1).put("double_sided", true);
                  } else if (type.contains("between")) {
                    ((ObjectNode) one.get("kwargs")).put("max_value", 1);
                  }
                  return sluice(one, type, "warn");
                });
    return Stream.concat(ranges, others).toList();
  }

  private static ObjectNode expectation(String type, String column) {
    ObjectNode one = Json.mapper().createObjectNode().put("type", type);
    one.putObject("kwargs").put("column", column);
    return one;
  }

  private static ObjectNode sluice(ObjectNode expectation, String id, String onFailure) {
    expectation.withObject("/meta/sluice").put("id", id).put("onFailure", onFailure);
    return expectation;
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "nobody_answers",
        "condition_fails_on_rows",
        "aggregate_fails",
        "key_fails",
        "follow_up_fails",
        "query_fails",
        "values_fail"
      })
  void theOthersStayByteForByte(String broken, JobHarness job) {
    given(job);
    JobResult plain = job.run(checkedBy("fifty"));
    List<String> rows = texts(plain.rows());
    List<String> quarantine = rejected(plain);
    JobResult with = job.run(checkedBy("fifty_and_" + broken));

    assertThat(with.receipt().error()).isEmpty();
    assertThat(texts(with.rows())).isEqualTo(rows).isNotEmpty();
    assertThat(rejected(with)).isEqualTo(quarantine).isNotEmpty();
    assertThat(with.receipt().rows()).isEqualTo(plain.receipt().rows());
    assertThat(with.receipt().status()).isEqualTo(plain.receipt().status());
    ArrayNode answers = results(with.receipt());
    JsonNode one = answers.remove(PLACE);
    assertThat(one.at("/meta/sluice/status").asText()).as("%s", one).isEqualTo("errored");
    assertThat(one.at("/exception_info/exception_message").asText())
        .contains(
            one.at("/expectation_config/kwargs").has("row_condition")
                ? "row_condition fails on 90 rows"
                : "");
    assertThat(one.at("/exception_info/exception_message").asText()).isNotEmpty();
    assertThat(answers.toString()).isEqualTo(results(plain.receipt()).toString());
  }

  @Test
  void theFiftyFindSomething(JobHarness job) {
    given(job);
    ArrayNode answers = results(job.run(checkedBy("fifty")).receipt());

    assertThat(answers).hasSize(GOOD);
    assertThat(answers.findValues("raised_exception").toString()).doesNotContain("true");
    assertThat(answers.findValuesAsText("success")).contains("true", "false");
  }

  /** Each suite has a table of its own, or the second run would find the work done. */
  private static Sample checkedBy(String suite) {
    return Sample.into(
        Table.iceberg("shop." + suite)
            .column("id", "int")
            .column("amount", "double")
            .column("region", "string")
            .checkedBy(suite));
  }

  private static void given(JobHarness job) {
    Given.orders(job, 90, i -> i + "," + (i % 13 == 0 ? "" : i * 5 % 230) + ",r" + i % 3);
  }

  private static List<String> texts(List<Row> rows) {
    return rows.stream().map(Row::toString).sorted().toList();
  }

  private static List<String> rejected(JobResult result) {
    return result.quarantine().stream()
        .map(row -> row.getAs("id") + " " + row.getAs("amount") + " " + JobResult.reasons(row))
        .sorted()
        .toList();
  }

  private static ArrayNode results(Receipt receipt) {
    JsonNode validation =
        Json.mapper().valueToTree(receipt.quality().orElseThrow().validation().orElseThrow());
    return (ArrayNode) validation.get("results");
  }
}
