package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuiteLintTest {

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          column_values_to_not_be_null           | "column": "a", "mostly": 0             | never-fails: mostly is 0. Give the share of rows that must pass
          column_values_to_not_be_null           | "column": "a", "mostly": 0.1           | -
          column_values_to_be_between            | "column": "a"                          | never-fails: there is neither min_value nor max_value. Give one
          column_values_to_be_between            | "column": "a", "min_value": 2, "max_value": 1 | always-fails: nothing is between min_value and max_value. Widen the range
          column_values_to_be_between            | "column": "a", "min_value": 1, "max_value": 1 | -
          column_values_to_be_between            | "column": "a", "min_value": 1, "max_value": 1.0, "strict_max": true | always-fails: nothing is between min_value and max_value. Widen the range
          column_values_to_be_between            | "column": "a", "min_value": "2013-02-01", "max_value": "2013-01-01" | always-fails: nothing is between min_value and max_value. Widen the range
          column_values_to_be_between            | "column": "a", "min_value": 0          | -
          column_value_lengths_to_be_between     | "column": "a", "min_value": 0          | never-fails: every count and length is at least 0. Raise min_value
          column_unique_value_count_to_be_between | "column": "a", "min_value": 0, "max_value": 5 | -
          table_row_count_to_be_between          | "min_value": 0                         | never-fails: every count and length is at least 0. Raise min_value
          table_row_count_to_be_between          | "min_value": 0, "strict_min": true     | -
          column_values_to_be_in_set             | "column": "a"                          | never-fails: there is no value_set. Give one
          column_values_to_be_in_set             | "column": "a", "value_set": []         | always-fails: value_set is empty. Name its values
          column_values_to_match_regex           | "column": "a", "regex": "^.*$"         | never-fails: '^.*$' matches every text. Say what a value looks like
          column_values_to_match_regex           | "column": "a", "regex": "[a-"          | bad-regex: '[a-' is not a regular expression: Illegal character range
          column_values_to_match_regex           | "column": "a", "regex": "^A"           | -
          """)
  void findsOfOneCheck(String type, String kwargs, String finding) {
    assertThat(
            lint(check(type, kwargs)).stream().map(one -> one.rule().word() + ": " + one.message()))
        .containsExactlyElementsOf(finding.equals("-") ? List.of() : List.of(finding));
  }

  @ParameterizedTest(name = "{0} {1} with {2} {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          column_values_to_be_between | "column": "a", "min_value": 0, "max_value": 5 | column_values_to_be_between | "column": "a", "min_value": 6 | contradiction: their ranges have nothing in common
          column_values_to_be_between | "column": "a", "min_value": 0, "max_value": 5 | column_values_to_be_between | "column": "a", "min_value": 5 | -
          column_values_to_be_between | "column": "a", "min_value": 0, "max_value": 5 | column_values_to_be_between | "column": "a", "min_value": 5, "strict_min": true | contradiction: their ranges have nothing in common
          column_values_to_be_between | "column": "a", "min_value": 0, "max_value": 5 | column_values_to_be_between | "column": "b", "min_value": 6 | -
          column_values_to_be_between | "column": "a", "min_value": 0, "max_value": 5 | column_max_to_be_between | "column": "a", "min_value": 6 | -
          column_values_to_be_between | "column": "a", "max_value": 5, "mostly": 0.5 | column_values_to_be_between | "column": "a", "min_value": 6, "mostly": 0.5 | -
          column_values_to_be_between | "column": "a", "max_value": 5, "row_condition": "col(\\"b\\") == 1" | column_values_to_be_between | "column": "a", "min_value": 6, "row_condition": "col(\\"b\\") == 2" | -
          column_values_to_be_in_set | "column": "a", "value_set": [1, 2] | column_values_to_be_in_set | "column": "a", "value_set": [3] | contradiction: no value of the set passes both
          column_values_to_be_in_set | "column": "a", "value_set": [1, 2] | column_values_to_be_in_set | "column": "a", "value_set": [2, 3] | -
          column_values_to_be_in_set | "column": "a", "value_set": [1, 2] | column_values_to_be_between | "column": "a", "min_value": 3 | contradiction: no value of the set passes both
          column_values_to_be_between | "column": "a", "min_value": 2 | column_values_to_be_in_set | "column": "a", "value_set": [1, 2] | -
          column_values_to_be_unique | "column": "a" | column_values_to_be_unique | "column": "a", "mostly": null | duplicate: asks the same
          column_values_to_be_unique | "column": "a" | column_values_to_be_unique | "column": "a", "result_format": "BASIC" | duplicate: asks the same
          column_values_to_be_unique | "column": "a" | column_values_to_be_unique | "column": "b" | -
          """)
  void findsOfTwoChecks(
      String type, String kwargs, String otherType, String otherKwargs, String finding) {
    List<SuiteFinding> findings = lint(check(type, kwargs) + ", " + check(otherType, otherKwargs));

    assertThat(findings).hasSize(finding.equals("-") ? 0 : 1);
    assertThat(findings)
        .allSatisfy(
            one -> {
              assertThat(one.rule().word()).isEqualTo(finding.replaceFirst(":.*", ""));
              assertThat(one.message())
                  .contains(finding.replaceFirst(".*: ", ""))
                  .contains(type + ".a");
            });
  }

  @Test
  void namesColumnsThatTheTableDoesNotHave() {
    Suite suite =
        SuiteParser.parse(
            """
            {"name": "s", "expectations": [
              {"type": "expect_column_values_to_be_unique",
               "kwargs": {"column": "flihgt", "row_condition": "col(\\"carier\\") == 'UA'",
                 "result_format": {"unexpected_index_column_names": ["id"]}},
               "meta": {"sluice": {"duplicates": {"keepFirstBy": ["seen"]}}}},
              {"type": "expect_compound_columns_to_be_unique",
               "kwargs": {"column_list": ["flight", "day"]}},
              {"type": "expect_column_to_exist", "kwargs": {"column": "later"}},
              {"type": "expect_table_columns_to_match_set", "kwargs": {"column_set": ["later"]}}]}
            """,
            "s.json");
    StructType schema = StructType.fromDDL("flight int, carrier string");

    assertThat(SuiteLint.findings(suite, Optional.of(schema)))
        .extracting(SuiteFinding::toString)
        .containsExactly(
            unknown("column_values_to_be_unique.flihgt", "flihgt", "Did you mean 'flight'? "),
            unknown("column_values_to_be_unique.flihgt", "carier", "Did you mean 'carrier'? "),
            unknown("column_values_to_be_unique.flihgt", "id", ""),
            unknown("column_values_to_be_unique.flihgt", "seen", ""),
            unknown("compound_columns_to_be_unique.flight-day", "day", ""));
    assertThat(SuiteLint.findings(suite, Optional.empty())).isEmpty();
  }

  private static String unknown(String id, String column, String hint) {
    return "%s: unknown-column: column '%s' does not exist. %sKnown: flight, carrier"
        .formatted(id, column, hint);
  }

  private static List<SuiteFinding> lint(String checks) {
    return SuiteLint.findings(
        SuiteParser.parse("{\"name\": \"s\", \"expectations\": [" + checks + "]}", "s.json"),
        Optional.empty());
  }

  private static String check(String type, String kwargs) {
    return "{\"type\": \"expect_" + type + "\", \"kwargs\": {" + kwargs + "}}";
  }
}
