package dev.sluice.quality.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.model.Json;
import dev.sluice.quality.history.AnomalyRule.Consequence;
import dev.sluice.quality.history.Finding.Outcome;
import dev.sluice.quality.history.Metric.Origin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnomalyRulesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @ParameterizedTest(name = "after {0}, {1} is {2} by {3}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          100         | 150  | HOLDS      | 'limit': 0.5
          100         | 151  | BROKEN     | 'limit': 0.5
          100         | 50   | HOLDS      | 'limit': 0.5
          100         | 49   | BROKEN     | 'limit': 0.5
          100         | 900  | HOLDS      | 'limit': {'down': 0.5}
          100         | 49   | BROKEN     | 'limit': {'down': 0.5}
          100         | 0    | HOLDS      | 'limit': {'up': 0.5}
          100         | 151  | BROKEN     | 'limit': {'up': 0.5}
          -100        | -150 | HOLDS      | 'limit': 0.5
          -100        | -151 | BROKEN     | 'limit': 0.5
          0           | 0    | HOLDS      | 'limit': 0.5
          0           | 1    | BROKEN     | 'limit': 0.5
          1 100       | 60   | HOLDS      | 'limit': 0.5
          1000 50 150 | 149  | HOLDS      | 'limit': 0.5, 'last': 2
          1000 50 150 | 151  | BROKEN     | 'limit': 0.5, 'last': 2
          100         | 151  | NOT_JUDGED | 'limit': 0.5, 'last': 2
          100         | 151  | BROKEN     | 'limit': 0.5, 'last': 2, 'minimum': 1
          ``          | 151  | NOT_JUDGED | 'limit': 0.5
          100         | NaN  | BROKEN     | 'limit': 0.5
          """)
  void limitsARelativeChange(String earlier, double observed, Outcome outcome, String limit) {
    AnomalyRule rule = rule("'metric': 'row_count', 'rule': 'relative-change', " + limit);

    assertThat(judge(rule, counts(earlier), count(9, observed)).outcome()).isEqualTo(outcome);
  }

  @ParameterizedTest(name = "after {0}, {1} is {2}")
  @CsvSource({
    "8 12 10 8 12, 13.9, HOLDS",
    "8 12 10 8 12, 14.1, BROKEN",
    "8 12 10 8 12, 6.1, HOLDS",
    "8 12 10 8 12, 5.9, BROKEN",
    "10 10 10 10 10, 10, HOLDS",
    "10 10 10 10 10, 10.001, BROKEN",
    "900 8 12 10 8 12, 13.9, HOLDS",
    "8 12 10 8, 99, NOT_JUDGED",
  })
  void limitsHowUnusualAFigureIs(String earlier, double observed, Outcome outcome) {
    AnomalyRule rule = rule("'metric': 'row_count', 'rule': 'z-score', 'limit': 2, 'last': 5");

    assertThat(judge(rule, counts(earlier), count(9, observed)).outcome()).isEqualTo(outcome);
  }

  @Test
  void publishesTheThresholdsOfARelativeChange() {
    AnomalyRule rule =
        rule(
            "'metric': 'row_count', 'rule': 'relative-change', 'limit': 0.5, 'onFailure': 'refuse'");

    Finding finding = judge(rule, counts("5000"), count(9, 12_000));

    assertThat(finding)
        .isEqualTo(
            new Finding(
                "r",
                "relative-change",
                Optional.of("row_count"),
                Consequence.REFUSE,
                Outcome.BROKEN,
                Optional.of(12_000.0),
                Map.of("lower", 2_500.0, "upper", 7_500.0, "baseline", 5_000.0, "runs", 1.0),
                "row_count is 12,000: 140 % above the last run's 5,000;"
                    + " the limits are 2,500 and 7,500"));
    assertThat(finding.success()).isFalse();
    assertThat(finding.refuses()).isTrue();
  }

  @Test
  void publishesTheThresholdsOfAScore() {
    AnomalyRule rule = rule("'metric': 'row_count', 'rule': 'z-score', 'limit': 3, 'last': 3");

    Finding finding = judge(rule, counts("1 2 3"), count(9, 6));

    assertThat(finding.threshold())
        .isEqualTo(Map.of("lower", -1.0, "upper", 5.0, "mean", 2.0, "stdev", 1.0, "runs", 3.0));
    assertThat(finding.sentence())
        .isEqualTo(
            "row_count is 6: 4 standard deviations above the mean 2 of the last 3 runs;"
                + " the limits are -1 and 5");
    assertThat(finding.refuses()).isFalse();
  }

  @Test
  void leavesOutALimitThatThereIsNot() {
    AnomalyRule rule =
        rule("'metric': 'row_count', 'rule': 'relative-change', 'limit': {'up': 0.5}");

    Finding finding = judge(rule, counts("100"), count(9, 20));

    assertThat(finding.threshold())
        .isEqualTo(Map.of("upper", 150.0, "baseline", 100.0, "runs", 1.0));
    assertThat(finding.sentence())
        .isEqualTo("row_count is 20: 80 % below the last run's 100; the limit is 150");
  }

  @Test
  void neverFailsWhereThereIsTooLittleHistory() {
    AnomalyRule rule =
        rule("'metric': 'row_count', 'rule': 'z-score', 'limit': 3, 'onFailure': 'refuse'");

    Finding finding = judge(rule, counts("1 2 3"), count(9, 1e9));

    assertThat(finding.sentence()).isEqualTo("not judged: needs 10 earlier runs, has 3");
    assertThat(finding.outcome()).isEqualTo(Outcome.NOT_JUDGED);
    assertThat(finding.success()).isTrue();
    assertThat(finding.refuses()).isFalse();
    assertThat(finding.threshold()).isEmpty();
  }

  @Test
  void doesNotJudgeAFigureThatTheRunHasNot() {
    AnomalyRule rule =
        rule("'metric': 'e.observed_value', 'rule': 'relative-change', 'limit': 0.5");

    assertThat(judge(rule, counts("1 2 3"), count(9, 5)).sentence())
        .isEqualTo("not judged: this run has no number for it");
  }

  @Test
  void countsARunKeyOnceByItsLatestRun() {
    AnomalyRule rule =
        rule("'metric': 'row_count', 'rule': 'relative-change', 'limit': 0.1, 'last': 2");
    List<Metric> history =
        List.of(
            count("k1", "a", 1, 10),
            count("k2", "b", 2, 999),
            count("k1", "c", 3, 30),
            count("k2", "d", 4, 50));

    Finding finding = judge(rule, history, count("k3", "e", 5, 40));

    assertThat(finding.threshold()).containsEntry("baseline", 40.0).containsEntry("runs", 2.0);
  }

  @Test
  void isNotComparedWithItsOwnRunKey() {
    AnomalyRule rule = rule("'metric': 'row_count', 'rule': 'relative-change', 'limit': 0.1");
    List<Metric> history = List.of(count("k1", "a", 1, 100), count("k2", "b", 2, 7));

    Finding finding = judge(rule, history, count("k2", "c", 3, 100));

    assertThat(finding.threshold()).containsEntry("baseline", 100.0);
  }

  @Test
  void doesNotDependOnTheOrderOfHistory() {
    AnomalyRule rule = rule("'metric': 'row_count', 'rule': 'z-score', 'limit': 2, 'last': 5");
    List<Metric> history = new ArrayList<>(counts("900 8 12 10 8 12"));
    Finding ordered = judge(rule, history, count(9, 11));

    Collections.shuffle(history, new Random(7));

    assertThat(judge(rule, history, count(9, 11))).isEqualTo(ordered);
  }

  @Test
  void skipsEarlierRunsThatLackTheFigure() {
    AnomalyRule rule =
        rule("'metric': 'row_count', 'rule': 'relative-change', 'limit': 0.1, 'last': 2");
    List<Metric> history =
        List.of(
            count("k1", "a", 1, 10),
            count("k2", "b", 2, 20),
            count("k3", "c", 3, Double.NaN),
            observed("k4", 4, "x"));

    assertThat(judge(rule, history, count("k9", "z", 9, 15)).threshold())
        .containsEntry("baseline", 15.0);
  }

  @ParameterizedTest(name = "{0} is {2}, {1} s old")
  @CsvSource({
    "2026-01-08T12:00:00Z, 129600, HOLDS",
    "2026-01-08T11:59:59Z, 129601, BROKEN",
    "2026-01-08 11:59:59.5, 129600.5, BROKEN",
    "2026-01-09T02:00:00+02:00, 86400, HOLDS",
    "2026-01-09, 86400, HOLDS",
    "2026-01-11, -86400, HOLDS",
  })
  void limitsTheAgeOfTheData(String newest, double seconds, Outcome outcome) {
    AnomalyRule rule = rule("'metric': 'e.observed_value', 'rule': 'freshness', 'limit': 'PT36H'");

    Finding finding = judge(rule, List.of(), observed("k9", 9, newest));

    assertThat(finding.outcome()).isEqualTo(outcome);
    assertThat(finding.observed().orElseThrow()).isCloseTo(seconds, within(0.001));
    assertThat(finding.threshold()).isEqualTo(Map.of("upper", 129_600.0));
  }

  @Test
  void doesNotJudgeWhatIsNoTime() {
    AnomalyRule rule = rule("'metric': 'e.observed_value', 'rule': 'freshness', 'limit': 'P1D'");

    assertThat(judge(rule, List.of(), observed("k9", 9, "soon")).sentence())
        .isEqualTo("not judged: this run has no time for it");
  }

  @Test
  void limitsTheTimeSinceTheRunBefore() {
    AnomalyRule rule = rule("'rule': 'freshness', 'limit': 'P2D'");

    Finding late = judge(rule, counts("1 1"), count(5, 1));

    assertThat(late.outcome()).isEqualTo(Outcome.BROKEN);
    assertThat(late.sentence())
        .isEqualTo("the run before was 4 d before this run; the limit is 2 d");
    assertThat(judge(rule, counts("1 1"), count(3, 1)).outcome()).isEqualTo(Outcome.HOLDS);
    assertThat(judge(rule, List.of(), count(3, 1)).sentence())
        .isEqualTo("not judged: needs 1 earlier run, has 0");
  }

  /** One run a day, the first on the second day. */
  private static List<Metric> counts(String values) {
    List<Metric> metrics = new ArrayList<>();
    for (String value : values.isBlank() ? new String[0] : values.split(" ")) {
      int day = metrics.size();
      metrics.add(count("k" + day, "run-" + day, day, Double.parseDouble(value)));
    }
    return metrics;
  }

  private static Metric count(int day, double value) {
    return count("current", "current", day, value);
  }

  private static Metric count(String runKey, String runId, int day, double value) {
    return new Metric(
        origin(runKey, runId, day),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "row_count",
        Optional.of(value),
        Optional.empty(),
        Optional.empty());
  }

  private static Metric observed(String runKey, int day, String text) {
    return new Metric(
        origin(runKey, "run", day),
        Optional.of("e"),
        Optional.of("expect_column_max_to_be_between"),
        Optional.of("c"),
        "observed_value",
        Optional.empty(),
        Optional.of(text),
        Optional.of(true));
  }

  private static Origin origin(String runKey, String runId, int day) {
    return new Origin(runKey, runId, START.plus(Duration.ofDays(day)), "t", "s", "f");
  }

  private static Finding judge(AnomalyRule rule, List<Metric> history, Metric current) {
    return AnomalyRules.judge(List.of(rule), history, List.of(current)).get(0);
  }

  private static AnomalyRule rule(String members) {
    try {
      String json = ("[{'id': 'r', " + members + "}]").replace('\'', '"');
      return AnomalyParser.parse(Json.mapper().readTree(json), "", Set.of("e")).rules().get(0);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
