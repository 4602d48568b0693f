package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.history.AnomalyRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Suites of older releases, parameters, and the policy that stands in {@code meta.sluice}. */
class SuiteNormalTest {

  private static final String OLD =
      """
      {
        "expectation_suite_name": "flights", "ge_cloud_id": null, "data_asset_type": null,
        "evaluation_parameters": {"least": 5},
        "expectations": [
          {
            "expectation_type": "expect_column_values_to_be_between", "ge_cloud_id": "6f1c",
            "kwargs": {
              "column": "n", "min_value": {"$PARAMETER": "least"}, "max_value": null, "auto": false,
              "parse_strings_as_datetimes": true, "profiler_config": null
            },
            "meta": {}
          }
        ],
        "meta": {"great_expectations_version": "0.18.21"}
      }
      """;

  private static final String NEW =
      """
      {
        "name": "flights", "suite_parameters": {"least": 5},
        "expectations": [
          {
            "type": "expect_column_values_to_be_between", "id": "6f1c",
            "kwargs": {"min_value": {"$PARAMETER": "least"}, "column": "n"}
          }
        ]
      }
      """;

  @Test
  void anOldSuiteIsReadAsOneOfToday() {
    Suite old = SuiteParser.parse(OLD, "old.json");
    Suite today = SuiteParser.parse(NEW, "new.json");

    assertThat(old.name()).isEqualTo("flights");
    assertThat(old.warnings())
        .containsExactly(
            "/expectations/0/kwargs: parse_strings_as_datetimes is ignored, as in 1.x");
    assertThat(old.expectations().get(0).kwargs())
        .isEqualTo(json("{\"column\": \"n\", \"min_value\": 5}"));
    assertThat(old.expectations().get(0).node())
        .as("what results return has the names of 1.x")
        .isEqualTo(
            json(
                """
                {"type": "expect_column_values_to_be_between", "id": "6f1c", "meta": {},
                 "kwargs": {"column": "n", "min_value": 5, "max_value": null}}
                """));
    assertThat(today.warnings()).isEmpty();
    assertThat(today.fingerprint()).matches("[0-9a-f]{16}");
  }

  @Test
  void theFingerprintIsThatOfWhatIsAsked() {
    String asked = SuiteParser.parse(NEW, "s").fingerprint();

    assertThat(fingerprint(NEW.replace("\"6f1c\"", "\"7a2d\""))).isEqualTo(asked);
    assertThat(fingerprint(NEW.replace("\"column\": \"n\"", "\"column\": \"n\", \"mostly\": null")))
        .isEqualTo(asked);
    assertThat(fingerprint(NEW.replace("\"id\"", "\"severity\": \"info\", \"id\"")))
        .isNotEqualTo(asked);
    assertThat(fingerprint(NEW.replace("least\": 5", "least\": 6"))).isNotEqualTo(asked);
    assertThat(fingerprint(NEW.replace("\"$PARAMETER\": \"least\"", "\"$PARAMETER\": \"now()\"")))
        .as("does not change from run to run")
        .isEqualTo(
            fingerprint(NEW.replace("\"$PARAMETER\": \"least\"", "\"$PARAMETER\": \"now()\"")))
        .isNotEqualTo(asked);
  }

  @Test
  void anOldAliasGetsItsNameOfToday() {
    List<String> warnings = new ArrayList<>();
    JsonNode normal =
        new SuiteNormal(new Faults(), warnings)
            .of(
                json(
                    """
                    {"name": "s", "expectations": [
                      {"type": "expect_multicolumn_values_to_be_unique", "kwargs": {}}]}
                    """));

    assertThat(normal.at("/expectations/0/type").asText())
        .isEqualTo("expect_select_column_values_to_be_unique_within_record");
    assertThat(warnings)
        .containsExactly(
            "/expectations/0: expect_multicolumn_values_to_be_unique is read as"
                + " expect_select_column_values_to_be_unique_within_record, which is its name now");
  }

  @Test
  void violationsOfAnOldSuiteNameItsOwnKeys() {
    refused(
        "{\"expectation_suite_name\": 5, \"expectations\": [\n"
            + " {\"expectation_type\": \"expect_nothing\", \"kwargs\": {}}]}",
        "/expectation_suite_name (line 1, column 28): expected string, found number",
        "/expectations/0/expectation_type (line 2, column 23): unknown expectation"
            + " 'expect_nothing'. See check-suite --help for those that are known");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          {"$PARAMETER": "low"}                            | 3
          {"$PARAMETER": "low * 2 + 1"}                    | 7
          {"$PARAMETER": "top"}                            | 100
          {"$PARAMETER": "top - low"}                      | 97
          {"$PARAMETER": "other", "$PARAMETER.other": 12}  | 12
          {"$PARAMETER": "top", "$PARAMETER.top": 12}      | 100
          {"$PARAMETER.other": 12}                         | 12
          {"$PARAMETER": "datetime(2003, 1, 1)"}           | "2003-01-01T00:00:00"
          """)
  void parametersAreTheirValues(String parameter, String value) {
    Suite suite =
        SuiteParser.parse(
            between("\"min_value\": " + parameter),
            "s.json",
            Map.of("top", IntNode.valueOf(100), "unused", TextNode.valueOf("x")));

    assertThat(suite.expectations().get(0).kwargs().get("min_value")).isEqualTo(json(value));
    assertThat(suite.parameters()).containsEntry("top", IntNode.valueOf(100));
  }

  @Test
  void parametersMayStandAnywhereAmongTheKwargs() {
    Suite suite =
        SuiteParser.parse(
            """
            {"name": "s", "suite_parameters": {"states": ["NY", "NJ"]}, "expectations": [
              {"type": "expect_column_values_to_be_in_set", "kwargs":
                {"column": {"$PARAMETER": "c"}, "value_set": {"$PARAMETER": "states"}}},
              {"type": "expect_column_values_to_be_in_set", "kwargs":
                {"column": "x", "value_set": [1, {"$PARAMETER": "1 + 1"}]}}]}
            """,
            "s.json",
            Map.of("c", TextNode.valueOf("state")));

    assertThat(suite.expectations())
        .extracting(one -> one.kwargs().get("value_set"))
        .containsExactly(json("[\"NY\", \"NJ\"]"), json("[1, 2]"));
    assertThat(suite.expectations().get(0).id()).isEqualTo("column_values_to_be_in_set.state");
  }

  @Test
  void aRuleThatCannotBeIsAViolationOfItsSuite() {
    refused(
        "{\"name\": \"s\", \"expectations\": [], \"meta\": {\"sluice\": {\"anomalies\": ["
            + "{\"id\": \"a\", \"rule\": \"freshness\", \"limit\": 5}]}}}",
        "/meta/sluice/anomalies/0/limit (line 1, column 111): expected a time such as PT36H or"
            + " P2D");
  }

  @Test
  void anUnknownParameterIsAViolation() {
    refused(
        between("\"min_value\": {\"$PARAMETER\": \"lov * 2\"}"),
        "/expectations/0/kwargs/min_value (line 2, column 88): unknown parameter 'lov'. Did you"
            + " mean 'low'?");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          0.02           | 2.00 %   | 2    | 100 | true
          0.02           | 2.00 %   | 3    | 100 | false
          "2 %"          | 2.00 %   | 2    | 100 | true
          "0.5%"         | 0.50 %   | 1    | 100 | false
          {"rows": 100}  | 100 rows | 100  | 100 | true
          {"rows": 1}    | 1 row    | 2    | 100 | false
          0              | 0.00 %   | 0    | 0   | true
          """)
  void limitsAreSharesOrRows(String stated, String text, long failing, long all, boolean holds) {
    Suite suite = SuiteParser.parse(sluice("\"limit\": " + stated), "s.json");

    assertThat(suite.quarantineLimit().text()).isEqualTo(text);
    assertThat(suite.quarantineLimit().holds(failing, all)).isEqualTo(holds);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0007',
      textBlock =
          """
          "limit": "200 %"                     | /meta/sluice/limit (line 1, column 44): 2.0 is not a share from 0 to 1
          "limit": "a few"                     | /meta/sluice/limit (line 1, column 44): string [a few] does not match pattern ^\\s*\\d+(\\.\\d+)?\\s*%\\s*$
          "limit": {"row": 5}                  | /meta/sluice/limit (line 1, column 44): required key [rows] not found,/meta/sluice/limit/row (line 1, column 45): unknown key 'row'. Did you mean 'rows'?
          "limit": {"rows": -1}                | /meta/sluice/limit/rows (line 1, column 53): -1 is not greater or equal to 0
          "resultFormat": "COMPLET"            | /meta/sluice/resultFormat (line 1, column 51): COMPLET is not one of BOOLEAN_ONLY, BASIC, SUMMARY, COMPLETE
          "resultFormat": {"result_format": 1} | /meta/sluice/resultFormat/result_format (line 1, column 69): 1 is not one of BOOLEAN_ONLY, BASIC, SUMMARY, COMPLETE
          "sensitive": "name"                  | /meta/sluice/sensitive (line 1, column 48): expected array, found string
          "anomalies": [1]                     | /meta/sluice/anomalies/0 (line 1, column 49): expected object, found number
          """)
  void refusesAPolicyThatIsNone(String stated, String violations) {
    refused(sluice(stated), violations.split(",(?=/)"));
  }

  @Test
  void formatsAreThoseOfTheExpectationThenOfTheSuite() {
    Suite suite =
        SuiteParser.parse(
            """
            {"name": "s", "meta": {"sluice": {
               "resultFormat": {"result_format": "BASIC", "partial_unexpected_count": 5,
                 "unexpected_index_column_names": ["id"]},
               "sensitive": ["name", "born"], "anomalies": [{"id": "jump", "metric": "row_count",
                 "rule": "z-score", "limit": 3}]}},
             "expectations": [
               {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a"}},
               {"type": "expect_column_values_to_be_unique",
                "kwargs": {"column": "a", "result_format": "COMPLETE"}},
               {"type": "expect_column_values_to_be_unique",
                "kwargs": {"column": "a", "result_format": {"result_format": "SUMMARY",
                  "unexpected_index_column_names": ["k", "l"], "partial_unexpected_count": 0,
                  "include_unexpected_rows": true, "exclude_unexpected_values": true}}}]}
            """,
            "s.json");

    ResultFormat usual = new ResultFormat(ResultFormat.Level.BASIC, 5, List.of("id"), false, false);
    assertThat(suite.resultFormat()).isEqualTo(usual);
    assertThat(suite.sensitive()).containsExactly("name", "born");
    assertThat(suite.anomalies()).extracting(AnomalyRule::id).containsExactly("jump");
    assertThat(suite.expectations())
        .extracting(Expectation::resultFormat)
        .containsExactly(
            usual,
            new ResultFormat(ResultFormat.Level.COMPLETE, 5, List.of("id"), false, false),
            new ResultFormat(ResultFormat.Level.SUMMARY, 0, List.of("k", "l"), true, true));
  }

  @Test
  void keyChecksMayKeepTheFirstCopy() {
    Suite suite =
        SuiteParser.parse(
            """
            {"name": "s", "expectations": [
               {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a"}},
               {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a"},
                "meta": {"sluice": {"duplicates": "all"}}},
               {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a"},
                "meta": {"sluice": {"duplicates": {"keepFirstBy": ["seen at DESC", "n", "o asc"]}}}}]}
            """,
            "s.json");

    assertThat(suite.expectations())
        .extracting(Expectation::duplicates)
        .containsExactly(
            Duplicates.ALL,
            Duplicates.ALL,
            new Duplicates(
                List.of(
                    new Duplicates.Order("seen at", Duplicates.Direction.DESCENDING),
                    new Duplicates.Order("n", Duplicates.Direction.ASCENDING),
                    new Duplicates.Order("o", Duplicates.Direction.ASCENDING))));
  }

  @Test
  void conditionsAreReadAndLeaveTheKwargs() {
    Suite suite =
        SuiteParser.parse(
            """
            {"name": "s", "expectations": [
               {"type": "expect_column_values_to_be_unique",
                "kwargs": {"column": "a", "condition_parser": "great_expectations",
                           "row_condition": "col(\\"b\\") == 'x'"}},
               {"type": "expect_column_values_to_be_unique",
                "kwargs": {"column": "a", "row_condition": {
                  "type": "nullity", "column": {"name": "b"}, "is_null": false}}},
               {"type": "expect_column_values_to_be_unique",
                "kwargs": {"column": "a", "row_condition": null, "condition_parser": null}}]}
            """,
            "s.json");

    assertThat(suite.expectations())
        .extracting(one -> one.condition().map(condition -> condition.text()).orElse("none"))
        .containsExactly("col(\"b\") == \"x\"", "col(\"b\").notNull()", "none");
    assertThat(suite.expectations()).allMatch(one -> one.kwargs().size() == 1);
    assertThat(suite.expectations().get(0).node().at("/kwargs/row_condition").asText())
        .isEqualTo("col(\"b\") == 'x'");
  }

  @Test
  void conditionsThatCannotBeReadAreViolations() {
    refused(
        """
        {"name": "s", "expectations": [
          {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a", "condition_parser": "panda", "row_condition": "a == 1"}},
          {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a", "condition_parser": "pandas", "row_condition": "a == b"}},
          {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a", "row_condition": {"type": "or", "conditions": [{"type": "nullity", "column": "a", "is_null": 1}]}}},
          {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a", "row_condition": 5}}]}
        """,
        "/expectations/0/kwargs/condition_parser (line 2, column 95): unknown condition_parser"
            + " 'panda'. Did you mean 'pandas'? Known: great_expectations,"
            + " great_expectations__experimental__, pandas, spark",
        "/expectations/1/kwargs/row_condition (line 3, column 122): at character 6: expected a"
            + " value, found 'b'; texts stand in quotes, and two columns compare with"
            + " condition_parser 'spark'",
        "/expectations/2/kwargs/row_condition/conditions/0/is_null (line 4, column 168): is_null"
            + " must be true or false",
        "/expectations/3/kwargs/row_condition (line 5, column 92): expected object or string,"
            + " found number");
  }

  @Test
  void conditionsAreForThoseTypesThatTakeThem() {
    for (String name : ExpectationTypes.names()) {
      String suite =
          "{\"name\": \"s\", \"expectations\": [{\"type\": \"%s\", \"kwargs\": {\"row_condition\": \"a == 1\", \"condition_parser\": \"pandas\"}}]}"
              .formatted(name);
      boolean refused =
          SuiteParser.read(suite, "s.json", Map.of()).violations().stream()
              .anyMatch(one -> one.reason().startsWith("row_condition names rows"));
      assertThat(refused)
          .as(name)
          .isEqualTo(!ExpectationTypes.find(name).orElseThrow().takesCondition());
    }
  }

  @Test
  void readingGoesOnWithWhatIsValid() {
    SuiteParser.Reading reading =
        SuiteParser.read(
            """
            {"name": "s", "expectations": [
               {"type": "expect_column_values_to_be_uniqe", "kwargs": {"column": "a"}},
               {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "b"}}]}
            """,
            "s.json",
            Map.of());

    assertThat(reading.suite().expectations())
        .extracting(Expectation::id)
        .containsExactly("column_values_to_be_unique.b");
    assertThat(reading.violations())
        .extracting(Violation::pointer)
        .containsExactly("/expectations/0/type");
  }

  private static String between(String kwargs) {
    return ("{\"name\": \"s\", \"suite_parameters\": {\"low\": 3, \"top\": 50}, \"expectations\": [\n"
            + " {\"type\": \"expect_column_values_to_be_between\", \"kwargs\": {\"column\": \"n\", %s}}]}")
        .formatted(kwargs);
  }

  private static String sluice(String policy) {
    return "{\"name\": \"s\", \"meta\": {\"sluice\": {%s}}, \"expectations\": []}"
        .formatted(policy);
  }

  private static String fingerprint(String suite) {
    return SuiteParser.parse(suite, "s").fingerprint();
  }

  private static void refused(String suite, String... violations) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> SuiteParser.parse(suite, "s.json"))
        .satisfies(
            e ->
                assertThat(e.getMessage().lines().filter(line -> line.startsWith("  ")))
                    .containsExactly(
                        Arrays.stream(violations).map(one -> "  " + one).toArray(String[]::new)));
  }

  private static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
