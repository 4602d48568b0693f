package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.sluice.model.Json;
import dev.sluice.quality.Verdict.Decision;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to a run of 200 rows, of which some have no value. */
class GateTest {
  private static final int ROWS = 200;

  @ParameterizedTest(name = "{0}, onFailure {1}, mostly {2}, limit {3}, {4} of 200 fail: {5}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # Critical row checks quarantine, up to the suite's limit: 5 % where it names none.
          critical | -          | -    | -   | 0   | PUBLISH | -
          critical | -          | -    | -   | 10  | PUBLISH | -
          critical | -          | -    | -   | 11  | REFUSE  | check fails in 11 rows (5.50 %), the limit is 5.00 %
          -        | -          | -    | -   | 11  | REFUSE  | check fails in 11 rows (5.50 %), the limit is 5.00 %
          critical | quarantine | -    | -   | 10  | PUBLISH | -
          critical | quarantine | -    | -   | 11  | REFUSE  | check fails in 11 rows (5.50 %), the limit is 5.00 %
          critical | -          | -    | 0.5 | 100 | PUBLISH | -
          critical | -          | -    | 0.5 | 101 | REFUSE  | check fails in 101 rows (50.50 %), the limit is 50.00 %
          critical | -          | -    | 0   | 0   | PUBLISH | -
          critical | -          | -    | 0   | 1   | REFUSE  | check fails in 1 row (0.50 %), the limit is 0.00 %
          critical | -          | -    | 1   | 200 | PUBLISH | -
          # Where mostly is given, it is the limit, wider or narrower than the suite's.
          critical | -          | 0.9  | -   | 20  | PUBLISH | -
          critical | -          | 0.9  | -   | 21  | REFUSE  | check fails in 21 rows (10.50 %), the limit is 10.00 %
          critical | -          | 0.7  | -   | 60  | PUBLISH | -
          critical | -          | 0.7  | -   | 61  | REFUSE  | check fails in 61 rows (30.50 %), the limit is 30.00 %
          critical | -          | 0.99 | -   | 2   | PUBLISH | -
          critical | -          | 0.99 | 0.5 | 3   | REFUSE  | check fails in 3 rows (1.50 %), the limit is 1.00 %
          critical | -          | 1    | 0.5 | 1   | REFUSE  | check fails in 1 row (0.50 %), the limit is 0.00 %
          # Refuse asks only whether the expectation holds.
          critical | refuse     | -    | -   | 0   | PUBLISH | -
          critical | refuse     | -    | -   | 1   | REFUSE  | check fails in 1 row
          critical | refuse     | 0.9  | -   | 20  | PUBLISH | -
          critical | refuse     | 0.9  | -   | 21  | REFUSE  | check fails in 21 rows
          info     | refuse     | -    | -   | 2   | REFUSE  | check fails in 2 rows
          # Warnings never stop a run, unless the suite says so.
          critical | warn       | -    | -   | 200 | PUBLISH | -
          warning  | -          | -    | -   | 200 | PUBLISH | -
          warning  | -          | 0.9  | 0   | 200 | PUBLISH | -
          info     | -          | -    | -   | 200 | PUBLISH | -
          warning  | quarantine | -    | -   | 10  | PUBLISH | -
          warning  | quarantine | -    | -   | 11  | REFUSE  | check fails in 11 rows (5.50 %), the limit is 5.00 %
          """)
  void decidesOverRowChecks(
      String severity,
      String onFailure,
      Double mostly,
      Double limit,
      int failing,
      Decision decision,
      String rule) {
    ObjectNode kwargs = Json.mapper().createObjectNode().put("column", "v");
    if (mostly != null) {
      kwargs.put("mostly", mostly);
    }
    String suite =
        suite("expect_column_values_to_not_be_null", kwargs.toString(), severity, onFailure, limit);

    Verdict verdict = Evaluation.of(suite, rows(failing)).verdict();

    assertThat(verdict.decision()).isEqualTo(decision);
    assertThat(verdict.rule()).isEqualTo(Optional.ofNullable(rule));
    assertThat(verdict.badInput()).isFalse();
  }

  @ParameterizedTest(name = "{0} {1}, {2}, onFailure {3}: {4}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          expect_column_mean_to_be_between     | {"column":"v","min_value":7} | critical | -    | PUBLISH | -
          expect_column_mean_to_be_between     | {"column":"v","min_value":8} | critical | -    | REFUSE  | check does not hold: observed 7.0
          expect_column_mean_to_be_between     | {"column":"v","min_value":8} | warning  | -    | PUBLISH | -
          expect_column_mean_to_be_between     | {"column":"v","min_value":8} | critical | warn | PUBLISH | -
          expect_column_values_to_be_unique    | {"column":"id"}              | critical | -    | PUBLISH | -
          expect_column_values_to_be_unique    | {"column":"v"}               | critical | -    | REFUSE  | check finds 200 rows that are not unique
          expect_column_values_to_be_unique    | {"column":"v","mostly":0}    | critical | -    | PUBLISH | -
          expect_column_values_to_be_unique    | {"column":"v"}               | info     | -    | PUBLISH | -
          expect_column_to_exist               | {"column":"v"}               | critical | -    | PUBLISH | -
          expect_column_to_exist               | {"column":"w"}               | critical | -    | REFUSE  | check does not hold
          expect_column_to_exist               | {"column":"w"}               | warning  | -    | PUBLISH | -
          expect_table_row_count_to_be_between | {"max_value":199}            | critical | -    | REFUSE  | check does not hold: observed 200
          """)
  void decidesOverChecksOfAllRows(
      String type,
      String kwargs,
      String severity,
      String onFailure,
      Decision decision,
      String rule) {
    String suite = suite(type, kwargs, severity, onFailure, null);

    Verdict verdict = Evaluation.of(suite, rows(0)).verdict();

    assertThat(verdict.decision()).isEqualTo(decision);
    assertThat(verdict.rule()).isEqualTo(Optional.ofNullable(rule));
  }

  @ParameterizedTest(name = "limit {0}, {1} unreadable beside 200: {2}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -   | 0   | PUBLISH | -
          -   | 10  | PUBLISH | -
          -   | 11  | REFUSE  | 11 of 211 rows (5.21 %) could not be read, the limit is 5.00 %
          0.5 | 200 | PUBLISH | -
          0.5 | 201 | REFUSE  | 201 of 401 rows (50.12 %) could not be read, the limit is 50.00 %
          0   | 1   | REFUSE  | 1 of 201 rows (0.50 %) could not be read, the limit is 0.00 %
          """)
  void refusesMoreUnreadableRowsThanTheBudget(
      Double limit, int unreadable, Decision decision, String rule) {
    String budget = limit == null ? "{}" : "{\"badInputLimit\": " + limit + "}";
    String suite =
        """
        {"name": "s", "meta": {"sluice": %s}, "expectations": [
          {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "v"}}]}
        """
            .formatted(budget);

    Verdict verdict = Evaluation.of(suite, rows(10), unreadable).verdict();

    assertThat(verdict.decision()).isEqualTo(decision);
    assertThat(verdict.rule()).isEqualTo(Optional.ofNullable(rule));
    assertThat(verdict.badInput()).isEqualTo(decision == Decision.REFUSE);
    assertThat(verdict.answers().get(0).result())
        .as("unreadable rows have no values to ask about")
        .containsEntry("element_count", 200L)
        .containsEntry("unexpected_count", 10L);
  }

  @Test
  void theBudgetComesBeforeEveryExpectation() {
    String suite = suite("expect_column_to_exist", "{\"column\":\"w\"}", "critical", null, null);

    Verdict verdict = Evaluation.of(suite, rows(0), 100).verdict();

    assertThat(verdict.badInput()).isTrue();
    assertThat(verdict.rule())
        .contains("100 of 300 rows (33.33 %) could not be read, the limit is 5.00 %");
  }

  @Test
  void namesTheFirstRuleThatRefusesAndStillAnswersAll() {
    String suite =
        """
        {"name": "s", "expectations": [
          {"type": "expect_column_to_exist", "kwargs": {"column": "w"}, "severity": "info"},
          {"type": "expect_column_to_exist", "kwargs": {"column": "x"}, "meta": {"sluice": {"id": "first"}}},
          {"type": "expect_column_to_exist", "kwargs": {"column": "y"}, "meta": {"sluice": {"id": "second"}}},
          {"type": "expect_column_to_exist", "kwargs": {"column": "v"}}]}
        """;

    Verdict verdict = Evaluation.of(suite, rows(0)).verdict();

    assertThat(verdict.rule()).contains("first does not hold");
    assertThat(verdict.success()).isFalse();
    assertThat(verdict.answers()).hasSize(4);
    assertThat(verdict.failed())
        .extracting(answer -> answer.planned().expectation().id())
        .containsExactly("column_to_exist.w", "first", "second");
  }

  @Test
  void publishesWhatDoesNotHoldOnceTheFailingRowsAreOut() {
    String suite =
        suite("expect_column_values_to_not_be_null", "{\"column\":\"v\"}", "critical", null, null);

    Evaluation evaluation = Evaluation.of(suite, rows(10));

    assertThat(evaluation.verdict().decision()).isEqualTo(Decision.PUBLISH);
    assertThat(evaluation.verdict().success()).isFalse();
    assertThat(evaluation.tally().quarantined()).isEqualTo(10);
  }

  /** The expectation's own share is of the rows that have a value; the gate's is of all rows. */
  @Test
  void theLimitIsAShareOfAllRows() {
    String suite =
        suite(
            "expect_column_values_to_be_between",
            "{\"column\":\"v\",\"max_value\":6,\"mostly\":0.9}",
            "critical",
            null,
            null);

    Evaluation evaluation = Evaluation.of(suite, rows(180));

    assertThat(evaluation.answers().get(0).unexpected()).isEqualTo(20);
    assertThat(evaluation.answers().get(0).success()).as("20 of 20 fail").isFalse();
    assertThat(evaluation.verdict().decision()).as("20 of 200 leave").isEqualTo(Decision.PUBLISH);
  }

  @Test
  void withoutExpectationsThereIsNothingToDecide() {
    String suite = "{\"name\": \"s\", \"expectations\": []}";

    assertThat(Evaluation.of(suite, rows(0)).verdict().decision()).isEqualTo(Decision.NONE);
    assertThat(Evaluation.of(suite, rows(0)).verdict().success()).isTrue();
    assertThat(Evaluation.of(suite, rows(0), 100).verdict().decision()).isEqualTo(Decision.REFUSE);
  }

  @Test
  void withoutRowsNothingFails() {
    String suite =
        suite(
            "expect_column_values_to_not_be_null",
            "{\"column\":\"v\",\"mostly\":1}",
            "critical",
            null,
            0.0);

    assertThat(Evaluation.of(suite, rows(0).limit(0)).verdict().decision())
        .isEqualTo(Decision.PUBLISH);
  }

  /** Rows 0 to 199 of {@code id} and {@code v}: 7, or nothing in so many of them. */
  private static Dataset<Row> rows(int nulls) {
    List<Row> rows =
        IntStream.range(0, ROWS)
            .mapToObj(id -> RowFactory.create(id, id < nulls ? null : 7))
            .toList();
    return LocalSpark.session().createDataFrame(rows, StructType.fromDDL("id INT, v INT"));
  }

  private static String suite(
      String type, String kwargs, String severity, String onFailure, Double limit) {
    ObjectNode suite = Json.mapper().createObjectNode().put("name", "s");
    ObjectNode policy = suite.putObject("meta").putObject("sluice");
    if (limit != null) {
      policy.put("limit", limit);
    }
    ObjectNode expectation = suite.putArray("expectations").addObject().put("type", type);
    expectation.putRawValue("kwargs", new RawValue(kwargs));
    expectation.put("severity", severity);
    ObjectNode own = expectation.putObject("meta").putObject("sluice").put("id", "check");
    if (onFailure != null) {
      own.put("onFailure", onFailure);
    }
    return suite.toString();
  }
}
