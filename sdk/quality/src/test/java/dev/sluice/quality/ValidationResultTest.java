package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.quality.Verdict.Answer;
import dev.sluice.quality.Verdict.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ValidationResultTest {
  @BeforeAll
  static void startSpark() {
    LocalSpark.session(); // which is asked whether it understands what a suite asks
  }

  private static final Instant TIME = Instant.parse("2026-11-23T23:15:00Z");
  private static final String SUITE =
      """
      {
        "name": "departures",
        "expectations": [
          {
            "type": "expect_column_values_to_be_between",
            "kwargs": {"column": "dep_delay", "min_value": -60, "max_value": null},
            "meta": {"note": "in minutes", "sluice": {"id": "plausible"}}
          },
          {"type": "expect_column_pair_values_a_to_be_greater_than_b", "kwargs": {"column_A": "dep_delay", "column_B": "arr_delay", "mostly": 0.5}},
          {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": ["carrier", "dep_delay"]}, "severity": "warning"},
          {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "arr_delay", "min_value": 1}, "severity": "info"},
          {"type": "expect_table_columns_to_match_set", "kwargs": {"column_set": ["carrier", "dep_delay", "tailnum"]}},
          {"type": "expect_column_to_exist", "kwargs": {"column": "carrier"}}
        ]
      }
      """;

  @Test
  void isTheGoldenOne() throws Exception {
    JsonNode schema = json("{'carrier': 'string', 'dep_delay': 'int', 'arr_delay': 'int'}");
    JsonNode data =
        json(
            "{'carrier': ['UA', 'UA', 'AA', null], 'dep_delay': [5, 5, -90, null],"
                + " 'arr_delay': [null, 4, -80, null]}");

    JsonNode result = Evaluation.of(SUITE, Frames.of(schema, data)).result();

    Golden.assertSame("validation-result.json", Json.pretty(result));
  }

  @Test
  void countsWhatHoldsAndWhatDoesNot() throws Exception {
    JsonNode result =
        Json.mapper().readTree(Json.line(of(SUITE, true, false, true, true, true, true)));

    assertThat(result.get("success").asBoolean()).isFalse();
    assertThat(result.get("statistics"))
        .isEqualTo(
            json(
                "{'evaluated_expectations': 6, 'successful_expectations': 5,"
                    + " 'unsuccessful_expectations': 1, 'success_percent': 83.33333333333333}"));
  }

  @Test
  void hasNoShareOfNothing() throws Exception {
    JsonNode result =
        Json.mapper().readTree(Json.line(of("{\"name\": \"s\", \"expectations\": []}")));

    assertThat(result.get("success").asBoolean()).isTrue();
    assertThat(result.get("statistics"))
        .isEqualTo(
            json(
                "{'evaluated_expectations': 0, 'successful_expectations': 0,"
                    + " 'unsuccessful_expectations': 0, 'success_percent': null}"));
  }

  @Test
  void saysWhyAnExpectationCouldNotBeAnswered() throws Exception {
    SuitePlan plan = plan(SUITE);
    Answer errored =
        new Answer(plan.planned().get(0), false, 0, Map.of(), Optional.of("no such function"));
    Verdict verdict = new Verdict(Decision.REFUSE, Optional.empty(), false, List.of(errored));

    JsonNode result =
        Json.mapper()
            .readTree(Json.line(ValidationResult.of(plan.suite(), verdict, "run-1", TIME)));

    assertThat(result.at("/results/0/exception_info"))
        .isEqualTo(
            json(
                "{'raised_exception': true, 'exception_message': 'no such function',"
                    + " 'exception_traceback': null}"));
    assertThat(result.at("/results/0/success").asBoolean()).isFalse();
    assertThat(result.at("/results/0/result")).isEmpty();
  }

  private static Map<String, Object> of(String suite, boolean... successes) {
    SuitePlan plan = plan(suite);
    List<Answer> answers =
        IntStream.range(0, successes.length)
            .mapToObj(
                i -> new Answer(plan.planned().get(i), successes[i], 0, Map.of(), Optional.empty()))
            .toList();
    Verdict verdict = new Verdict(Decision.PUBLISH, Optional.empty(), false, answers);
    return ValidationResult.of(plan.suite(), verdict, "run-1", TIME);
  }

  private static SuitePlan plan(String suite) {
    StructType schema = StructType.fromDDL("carrier STRING, dep_delay INT, arr_delay INT");
    return SuitePlan.compile(SuiteParser.parse(suite, "test.json"), schema, OtherTables.NONE);
  }

  private static JsonNode json(String text) throws Exception {
    return Json.mapper().readTree(text.replace('\'', '"'));
  }
}
