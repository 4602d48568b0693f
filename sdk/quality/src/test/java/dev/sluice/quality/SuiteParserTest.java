package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SuiteParserTest {

  @Test
  void readsWhatGreatExpectationsWrites() {
    Suite suite =
        SuiteParser.parse(
            """
            {
              "name": "flights", "id": "6f1c", "notes": null, "suite_parameters": {},
              "meta": {"great_expectations_version": "1.6.0", "owner": {"team": "air"}},
              "expectations": [
                {
                  "type": "expect_column_values_to_not_be_null", "kwargs": {"column": "carrier"},
                  "id": "0f1c", "description": null, "notes": ["a", "b"], "severity": "warning",
                  "rendered_content": [], "expectation_context": {"description": null},
                  "meta": {"profiler": {"seen": 3}}
                },
                {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}}
              ]
            }
            """,
            "flights.json");

    assertThat(suite.name()).isEqualTo("flights");
    assertThat(suite.quarantineLimit()).isEqualTo(Limit.usual());
    assertThat(suite.resultFormat()).isEqualTo(ResultFormat.DEFAULT);
    assertThat(suite.sensitive()).isEmpty();
    assertThat(suite.warnings()).isEmpty();
    assertThat(suite.meta().at("/owner/team").asText()).isEqualTo("air");
    assertThat(suite.badInputLimit()).isEqualTo(0.05);
    assertThat(suite.expectations())
        .extracting(Expectation::id)
        .containsExactly("column_values_to_not_be_null.carrier", "table_row_count_to_be_between");
    assertThat(suite.expectations())
        .extracting(Expectation::severity)
        .containsExactly(Severity.WARNING, Severity.CRITICAL);
    assertThat(suite.expectations()).allMatch(one -> one.onFailure().isEmpty());
  }

  @Test
  void readsThePolicy() {
    Suite suite =
        SuiteParser.parse(
            """
            {
              "name": "flights",
              "meta": {"sluice": {"limit": 0.2, "badInputLimit": 0}},
              "expectations": [
                {
                  "type": "expect_column_to_exist", "kwargs": {"column": "carrier"},
                  "severity": null, "meta": {"sluice": {"id": "has-carrier", "onFailure": "warn"}}
                }
              ]
            }
            """,
            "flights.json");

    assertThat(suite.quarantineLimit()).isEqualTo(new Limit.Share(0.2));
    assertThat(suite.badInputLimit()).isZero();
    assertThat(suite.expectations().get(0).id()).isEqualTo("has-carrier");
    assertThat(suite.expectations().get(0).severity()).isEqualTo(Severity.CRITICAL);
    assertThat(suite.expectations().get(0).onFailure()).contains(OnFailure.WARN);
  }

  @Test
  void namesAreMadeOfTypeAndColumnsAndToldApart() {
    String between =
        "{\"type\": \"expect_column_values_to_be_between\","
            + " \"kwargs\": {\"column\": \"a\", \"min_value\": 1}}";
    String pair =
        "{\"type\": \"expect_column_pair_values_a_to_be_greater_than_b\","
            + " \"kwargs\": {\"column_A\": \"a\", \"column_B\": \"b\"}}";
    String compound =
        "{\"type\": \"expect_compound_columns_to_be_unique\","
            + " \"kwargs\": {\"column_list\": [\"a\", \"b\"]}}";

    Suite suite =
        SuiteParser.parse(
            "{\"name\": \"s\", \"expectations\": [%s, %s, %s, %s]}"
                .formatted(between, between, pair, compound),
            "s.json");

    assertThat(suite.expectations())
        .extracting(Expectation::id)
        .containsExactly(
            "column_values_to_be_between.a",
            "column_values_to_be_between.a-2",
            "column_pair_values_a_to_be_greater_than_b.a-b",
            "compound_columns_to_be_unique.a-b");
  }

  @Test
  void reportsAllViolationsAtOnceEachWithItsPlaceAndWhatWasMeant() {
    String suite =
        """
        {
          "name": "departures",
          "expectation_suite_name": "departures",
          "meta": {"sluice": {"limit": 7}},
          "expectations": [
            {"type": "expect_column_values_to_be_betwen", "kwargs": {"column": "dep_delay"}},
            {"type": "expect_column_values_to_be_between", "kwargs": {"column": "dep_delay", "min_valu": 1}},
            {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "dep_delay", "mostly": 1.5}},
            {"type": "expect_column_values_to_not_be_null", "kwargs": {}},
            {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a"}, "severity": "fatal"},
            {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "a"}, "meta": {"sluice": {"onFailur": "warn"}}},
            {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": 5, "value_set": [null, {}]}},
            {"kwargs": {}},
            {"type": "expect_column_to_exist"},
            "expect_column_to_exist"
          ]
        }
        """;

    assertRefused(
        suite,
        """
        Cannot use suite departures.json: 14 violations.
          /expectation_suite_name (line 3, column 3): 'expectation_suite_name' is what 'name' was called before 1.x, and both stand here. Keep 'name'
          /meta/sluice/limit (line 4, column 32): 7 is not less or equal to 1
          /expectations/0/type (line 6, column 14): unknown expectation 'expect_column_values_to_be_betwen'. Did you mean 'expect_column_values_to_be_between'?
          /expectations/1/kwargs/min_valu (line 7, column 86): unknown kwarg 'min_valu'. Did you mean 'min_value'?
          /expectations/2/kwargs/mostly (line 8, column 97): 1.5 is not less or equal to 1
          /expectations/3/kwargs (line 9, column 63): required key [column] not found
          /expectations/4/severity (line 10, column 92): fatal is not one of critical, warning, info
          /expectations/5/meta/sluice/onFailur (line 11, column 100): unknown key 'onFailur'. Did you mean 'onFailure'?
          /expectations/6/kwargs/column (line 12, column 72): expected string, found number
          /expectations/6/kwargs/value_set/0 (line 12, column 89): expected boolean or number or string, found null
          /expectations/6/kwargs/value_set/1 (line 12, column 95): expected boolean or number or string, found object
          /expectations/7 (line 13, column 5): required key [type] not found
          /expectations/8 (line 14, column 5): required key [kwargs] not found
          /expectations/9 (line 15, column 5): expected object, found string
        Correct them and run check-suite""");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "a comma too many",
            "{\"name\": \"a\",\n \"expectations\": [,]}",
            "Cannot read suite departures.json: not valid JSON at line 2, column 19: Unexpected"
                + " character (',' (code 44)): expected a valid value (JSON String, Number, Array,"
                + " Object or token 'null', 'true' or 'false'). Correct the file"),
        Arguments.of(
            "an end too early",
            "{\"name\": \"a\",\n",
            "Cannot read suite departures.json: not valid JSON at line 2, column 1: Unexpected"
                + " end-of-input within/between Object entries. Correct the file"),
        Arguments.of(
            "text after the end",
            "{\"name\": \"a\", \"expectations\": []}\n{}",
            "Cannot read suite departures.json: not valid JSON at line 2, column 1: more follows"
                + " after its end. Correct the file"),
        Arguments.of(
            "a key twice",
            "{\"name\": \"a\", \"name\": \"b\", \"expectations\": []}",
            "Cannot read suite departures.json: not valid JSON at line 1, column 21: Duplicate"
                + " field 'name'. Correct the file"),
        Arguments.of(
            "an empty file",
            "",
            "Cannot use suite departures.json: 1 violation.\n  / (line 1, column 1): a suite is a JSON object\nCorrect"
                + " it and run check-suite"),
        Arguments.of(
            "a list",
            "[]",
            "Cannot use suite departures.json: 1 violation.\n  / (line 1, column 1): a suite is a JSON object\nCorrect"
                + " it and run check-suite"),
        Arguments.of(
            "an unknown type that resembles none",
            "{\"name\": \"a\", \"expectations\": [{\"type\": \"be_nice\", \"kwargs\": {}}]}",
            "Cannot use suite departures.json: 1 violation.\n  /expectations/0/type (line 1, column 41): unknown"
                + " expectation 'be_nice'. See check-suite --help for those that are known\n"
                + "Correct it and run check-suite"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void saysWhatIsWrongWith(String name, String json, String message) {
    assertRefused(json, message);
  }

  private static void assertRefused(String json, String message) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> SuiteParser.parse(json, "departures.json"))
        .satisfies(e -> assertThat(e.getMessage()).isEqualToNormalizingNewlines(message))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }
}
