package dev.sluice.quality.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Column;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.quality.history.Metric.Origin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Origin ORIGIN =
      new Origin("job/t/1", "run-1", Instant.parse("2026-11-23T23:15:00Z"), "t", "s", "f1");

  /** The result that ValidationResult itself writes, by its own golden file. */
  @Test
  void takesTheFiguresOfARunAndOfItsExpectations() throws Exception {
    Path golden = Path.of("src/test/resources/dev/sluice/quality/golden/validation-result.json");

    List<Metric> metrics = of(Json.mapper().readTree(Files.readString(golden)));

    assertThat(metrics)
        .extracting(metric -> metric.key() + " " + metric.value().map(Object::toString).orElse(""))
        .containsExactly(
            "row_count 3.0",
            "rows_read 5.0",
            "rows_quarantined 1.0",
            "rows_filtered 1.0",
            "unsuccessful_expectations 4.0",
            "plausible.unexpected_count 1.0",
            "plausible.unexpected_percent 33.333333333333336",
            "plausible.missing_percent 25.0",
            "column_pair_values_a_to_be_greater_than_b.dep_delay-arr_delay.unexpected_count 1.0",
            "column_pair_values_a_to_be_greater_than_b.dep_delay-arr_delay.unexpected_percent"
                + " 33.333333333333336",
            "column_pair_values_a_to_be_greater_than_b.dep_delay-arr_delay.missing_percent 25.0",
            "compound_columns_to_be_unique.carrier-dep_delay.unexpected_count 2.0",
            "compound_columns_to_be_unique.carrier-dep_delay.unexpected_percent 66.66666666666667",
            "compound_columns_to_be_unique.carrier-dep_delay.missing_percent 25.0",
            "column_mean_to_be_between.arr_delay.observed_value -38.0",
            "table_columns_to_match_set.observed_value ",
            "column_to_exist.carrier.holds 1.0");
    assertThat(metrics).extracting(Metric::origin).containsOnly(ORIGIN);
    Metric pair =
        find(
            metrics,
            "column_pair_values_a_to_be_greater_than_b.dep_delay-arr_delay.unexpected_count");
    assertThat(pair.column()).contains("dep_delay,arr_delay");
    assertThat(pair.type()).contains("expect_column_pair_values_a_to_be_greater_than_b");
    assertThat(pair.success()).contains(true);
    assertThat(find(metrics, "plausible.unexpected_count").success()).contains(false);
    assertThat(find(metrics, "row_count").success()).isEmpty();
    assertThat(find(metrics, "table_columns_to_match_set.observed_value").text())
        .contains("[\"arr_delay\",\"carrier\",\"dep_delay\"]");
  }

  @Test
  void keepsInFullWhatADoubleWouldRound() throws Exception {
    List<Metric> metrics =
        of(
            results(
                observed("a", "1234567890123456789"),
                observed("b", "12345"),
                observed("c", "'2026-01-31 10:00:00'"),
                observed("d", "'" + "🚀".repeat(1_001) + "'"),
                observed("e", "null")));

    assertThat(find(metrics, "a.observed_value").text()).contains("1234567890123456789");
    assertThat(find(metrics, "a.observed_value").value()).contains((double) 1234567890123456789L);
    assertThat(find(metrics, "b.observed_value").text()).isEmpty();
    assertThat(find(metrics, "c.observed_value").text()).contains("2026-01-31 10:00:00");
    assertThat(find(metrics, "c.observed_value").value()).isEmpty();
    assertThat(find(metrics, "d.observed_value").text()).contains("🚀".repeat(1_000) + "…");
    assertThat(find(metrics, "e.holds").value()).contains(1.0);
  }

  @Test
  void saysThatAnExpectationCouldNotBeAnswered() throws Exception {
    String item =
        "{'success': false, 'expectation_config': {'type': 'expect_x', 'kwargs': {}}, 'result': {},"
            + " 'meta': {'sluice': {'id': 'x', 'status': 'errored'}},"
            + " 'exception_info': {'raised_exception': true, 'exception_message': 'no such column'}}";

    List<Metric> metrics = of(results(item));

    assertThat(find(metrics, "x.errored").text()).contains("no such column");
    assertThat(metrics).extracting(Metric::key).doesNotContain("x.holds");
  }

  @Test
  void numbersExpectationsThatHaveNoIdOfTheirOwn() throws Exception {
    String item =
        "{'success': true, 'expectation_config': {'type': 'expect_x', 'kwargs': {'column': 'c'}}}";

    assertThat(of(results(item, item)))
        .extracting(Metric::key)
        .endsWith("x.c.holds", "x.c-2.holds");
  }

  @Test
  void survivesTheTripThroughATable() throws Exception {
    List<Metric> metrics = of(results(observed("a", "1234567890123456789"), observed("e", "null")));

    assertThat(metrics.stream().map(Metric::cells).map(Metric::ofCells)).isEqualTo(metrics);
    assertThat(metrics).allMatch(metric -> metric.cells().size() == Metric.COLUMNS.size());
  }

  @Test
  void namesTheColumnsOfItsTable() {
    assertThat(Metric.COLUMNS)
        .extracting(Column::name)
        .containsExactly(
            "run_key",
            "run_id",
            "run_time",
            "table_name",
            "suite",
            "suite_fingerprint",
            "expectation_id",
            "type",
            "column_name",
            "metric",
            "value",
            "text",
            "success");
    assertThat(Metric.COLUMNS)
        .extracting(Column::type)
        .containsOnly("string", "timestamp", "double", "boolean");
  }

  private static List<Metric> of(JsonNode validation) {
    return Metrics.of(ORIGIN, new Receipt.Rows(5, 3, 1, 1), validation);
  }

  private static Metric find(List<Metric> metrics, String key) {
    Optional<Metric> found = metrics.stream().filter(m -> m.key().equals(key)).findFirst();
    assertThat(found).as(key).isPresent();
    return found.orElseThrow();
  }

  private static String observed(String id, String value) {
    return "{'success': true, 'expectation_config': {'type': 'expect_x', 'kwargs': {},"
        + " 'meta': {'sluice': {'id': '%s'}}}, 'result': {'observed_value': %s}}"
            .formatted(id, value);
  }

  private static JsonNode results(String... items) throws Exception {
    String json = "{'results': [" + String.join(",", items) + "]}";
    return Json.mapper().readTree(json.replace('\'', '"'));
  }
}
