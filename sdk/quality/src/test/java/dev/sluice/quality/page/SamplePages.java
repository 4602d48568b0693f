package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.quality.Verdict.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pages of made-up runs, for tests here and in a real browser. */
public final class SamplePages {
  private static final String FLIGHTS =
      "clean-departures/flights.departures/2013-01-01..2013-02-01";
  private static final List<String> COLUMNS =
      List.of("dep_delay", "arr_delay", "carrier", "tailnum", "origin", "dest", "distance", "temp");

  private SamplePages() {}

  /** Writes the pages into the folder that is given. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    Map<String, String> pages =
        Map.of(
            "holds", ResultPage.render(published(0), validation(12, 8, 0)),
            "refused", ResultPage.render(refused(), validation(80, 8, 40)),
            "reserved", ResultPage.render(published(641), validation(12, 8, 3)),
            "unchecked", ResultPage.render(unchecked(), suite("", List.of())),
            "hostile", ResultPage.render(Hostile.facts(), Hostile.validation()),
            "wide", ResultPage.render(refused(), validation(3_000, 250, 40)),
            "broken", ResultPage.render(refused(), validation(3_000, 250, 3_000)));
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Files.writeString(folder.resolve(page.getKey() + ".html"), page.getValue());
    }
  }

  static PageFacts published(long quarantined) {
    return facts(
        Decision.PUBLISH,
        Optional.empty(),
        new Receipt.Rows(27_004, 27_004 - 483 - quarantined, quarantined, 483));
  }

  static PageFacts refused() {
    return facts(
        Decision.REFUSE,
        Optional.of("check-0 fails in 2,041 rows (7.70 %), the limit is 5.00 %"),
        new Receipt.Rows(27_004, 24_480, 2_041, 483));
  }

  static PageFacts unchecked() {
    return facts(Decision.NONE, Optional.empty(), new Receipt.Rows(27_004, 27_004, 0, 0));
  }

  static PageFacts facts(Decision decision, Optional<String> rule, Receipt.Rows rows) {
    return new PageFacts(
        "clean-departures",
        "flights.departures",
        FLIGHTS,
        "01J9ZK5T7Q-4f1c",
        decision,
        rule,
        rows,
        Optional.of("flights.departures_quarantine"),
        Instant.parse("2026-11-23T23:15:00Z"),
        "0.1.0",
        Optional.of("s3://lake/warehouse/flights/departures/_sluice/receipts/01J9ZK5T7Q-4f1c.json"),
        Optional.of("s3://lake/warehouse/flights/departures"));
  }

  /** A result of so many checks over so many columns, of which the first ones do not hold. */
  static JsonNode validation(int checks, int columns, int failing) {
    return suite(
        "departures",
        java.util.stream.IntStream.range(0, checks)
            .mapToObj(i -> item(i, columns, i < failing))
            .toList());
  }

  static JsonNode suite(String name, List<JsonNode> items) {
    ObjectNode suite = Json.mapper().createObjectNode().put("suite_name", name);
    ArrayNode results = suite.putArray("results");
    items.forEach(results::add);
    return suite;
  }

  private static JsonNode item(int i, int columns, boolean failing) {
    String column = column(i, columns);
    ObjectNode item =
        switch (i % 8) {
          case 0 -> between(column, failing);
          case 1 -> notNull(column, failing);
          case 2 -> inSet(column, failing);
          case 3 -> pair(column, column(i + 1, columns), failing);
          case 4 -> mean(column, failing);
          case 5 -> key(column, column(i + 1, columns), failing);
          case 6 -> regex(column, failing);
          default -> rowCount(failing);
        };
    boolean errored = failing && i % 8 == 6;
    ObjectNode own = item.putObject("meta").putObject("sluice");
    own.put("id", "check-" + i);
    own.put("onFailure", i % 5 == 4 ? "warn" : i % 8 < 4 ? "quarantine" : "refuse");
    own.put("status", errored ? "errored" : failing ? "failed" : "passed");
    ObjectNode raised = item.putObject("exception_info").put("raised_exception", errored);
    raised.put(
        "exception_message", errored ? "[INVALID_PATTERN] Unclosed group near index 7" : null);
    if (errored) {
      item.putObject("result");
    }
    return item.put("success", !failing);
  }

  private static String column(int i, int columns) {
    return columns <= COLUMNS.size() ? COLUMNS.get(i % columns) : "column_" + i % columns;
  }

  private static ObjectNode between(String column, boolean failing) {
    return rows(
        "expect_column_values_to_be_between",
        "{'column': '%s', 'min_value': -60, 'max_value': 1500, 'mostly': 0.95}".formatted(column),
        failing ? 2_041 : 12,
        "[-3104, -3104, 9999, 9999, 9999, -71, 1512.5, -64, 2047, 1e9]");
  }

  private static ObjectNode notNull(String column, boolean failing) {
    ObjectNode item =
        rows(
            "expect_column_values_to_not_be_null",
            "{'column': '%s'}".formatted(column),
            failing ? 1 : 0,
            "[null]");
    ((ObjectNode) item.get("expectation_config")).put("severity", "warning");
    return item;
  }

  private static ObjectNode inSet(String column, boolean failing) {
    return rows(
        "expect_column_values_to_be_in_set",
        "{'column': '%s', 'value_set': ['EWR', 'JFK', 'LGA']}".formatted(column),
        failing ? 318 : 0,
        "['ewr', 'Newark', '', ' JFK', 'LGA\\t', 'Аэропорт', '成田国際空港', 'مطار']");
  }

  private static ObjectNode pair(String a, String b, boolean failing) {
    return rows(
        "expect_column_pair_values_a_to_be_greater_than_b",
        "{'column_A': '%s', 'column_B': '%s', 'or_equal': true}".formatted(a, b),
        failing ? 44 : 0,
        "[[5, 12], [5, 12], [-3, 8.25], [0, 1]]");
  }

  private static ObjectNode mean(String column, boolean failing) {
    return answered(
        "expect_column_mean_to_be_between",
        "{'column': '%s', 'min_value': -10, 'max_value': 60}".formatted(column),
        "{'observed_value': %s}".formatted(failing ? "214.70553" : "12.63907"));
  }

  private static ObjectNode key(String a, String b, boolean failing) {
    return rows(
        "expect_compound_columns_to_be_unique",
        "{'column_list': ['time_hour', '%s', '%s']}".formatted(a, b),
        failing ? 6 : 0,
        "[{'time_hour': '2013-01-05 06:00:00', '%1$s': 'UA', '%2$s': 1545},".formatted(a, b)
            + " {'time_hour': '2013-01-05 06:00:00', '%1$s': 'UA', '%2$s': 1545},".formatted(a, b)
            + " {'time_hour': '2013-01-19 17:00:00', '%1$s': 'B6', '%2$s': null}]".formatted(a, b));
  }

  private static ObjectNode regex(String column, boolean failing) {
    return rows(
        "expect_column_values_to_match_regex",
        "{'column': '%s', 'regex': '%s'}".formatted(column, failing ? "^N[0-9](" : "^N[0-9A-Z]+$"),
        0,
        "[]");
  }

  private static ObjectNode rowCount(boolean failing) {
    return answered(
        "expect_table_row_count_to_be_between",
        "{'min_value': 20000, 'max_value': %d}".formatted(failing ? 25_000 : 40_000),
        "{'observed_value': 26521}");
  }

  private static ObjectNode rows(String type, String kwargs, int unexpected, String samples) {
    int elements = 26_521;
    ObjectNode item = answered(type, kwargs, "{'element_count': " + elements + "}");
    ObjectNode result = (ObjectNode) item.get("result");
    result.put("unexpected_count", unexpected);
    result.put("unexpected_percent", 100.0 * unexpected / (elements - 521));
    result.set("partial_unexpected_list", unexpected == 0 ? json("[]") : json(samples));
    result.put("missing_count", 521).put("missing_percent", 100.0 * 521 / elements);
    return item;
  }

  static ObjectNode answered(String type, String kwargs, String result) {
    ObjectNode item = Json.mapper().createObjectNode();
    item.putObject("expectation_config").put("type", type).set("kwargs", json(kwargs));
    item.set("result", json(result));
    return item;
  }

  static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
