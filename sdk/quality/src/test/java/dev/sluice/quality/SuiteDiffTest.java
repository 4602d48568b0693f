package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SuiteDiffTest {
  private static final String BEFORE =
      """
      {"name": "s", "meta": {"sluice": {"limit": 0.05}}, "expectations": [
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a"}},
        {"type": "expect_column_values_to_be_between",
         "kwargs": {"column": "b", "min_value": 0, "max_value": 9}, "severity": "warning"},
        {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "c"}}]}
      """;

  private static final String AFTER =
      """
      {"name": "s", "meta": {"sluice": {"limit": {"rows": 10}}}, "expectations": [
        {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "d"}},
        {"type": "expect_column_values_to_be_between",
         "kwargs": {"column": "b", "min_value": 1, "row_condition": "col(\\"a\\") == 1"},
         "meta": {"sluice": {"onFailure": "warn"}}},
        {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a"}}]}
      """;

  @Test
  void tellsWhatWasAddedRemovedAndChanged() {
    SuiteDiff diff = SuiteDiff.of(suite(BEFORE), suite(AFTER));

    assertThat(diff.none()).isFalse();
    assertThat(diff.text())
        .isEqualTo(
            """
            ~ meta.sluice.limit: 0.05 → {"rows":10}
            - column_values_to_be_unique.c {"column":"c"}
            + column_values_to_be_unique.d {"column":"d"}
            ~ column_values_to_be_between.b
                kwargs.min_value: 0 → 1
                kwargs.max_value: 9 → (absent)
                severity: "warning" → "critical"
                kwargs.row_condition: (absent) → "col(\\"a\\") == 1"
                meta.sluice.onFailure: (absent) → "warn"
            """);
  }

  @Test
  void formAndOrderMakeNoDifference() {
    String old =
        """
        {"expectation_suite_name": "s", "meta": {"sluice": {"limit": 0.05}}, "expectations": [
          {"expectation_type": "expect_column_values_to_be_unique",
           "kwargs": {"column": "c", "mostly": null}},
          {"expectation_type": "expect_column_values_to_be_between",
           "kwargs": {"max_value": 9, "min_value": 0, "column": "b"}, "severity": "warning"},
          {"expectation_type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a"}}]}
        """;

    assertThat(SuiteDiff.of(suite(BEFORE), suite(old)).text()).isEqualTo("no difference\n");
  }

  private static Suite suite(String json) {
    return SuiteParser.parse(json, "s.json");
  }
}
