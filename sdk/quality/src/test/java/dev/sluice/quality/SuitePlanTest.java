package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.SuitePlan.Planned;
import java.util.BitSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuitePlanTest {
  @BeforeAll
  static void startSpark() {
    LocalSpark.session(); // which is asked whether it understands what a suite asks
  }

  private static final StructType SCHEMA =
      StructType.fromDDL("carrier STRING, dep_delay INT, arr_delay INT");

  @Test
  void reportsAllThatDoesNotFitTheColumnsAtOnce() {
    String suite =
        """
        {
          "name": "departures",
          "expectations": [
            {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "carier"}},
            {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "carrier", "min_value": 1}},
            {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "dep_delay", "regex": "x"}},
            {"type": "expect_column_values_to_be_between", "kwargs": {"column": "dep_delay"}},
            {
              "type": "expect_column_max_to_be_between", "kwargs": {"column": "dep_delay", "max_value": 9},
              "meta": {"sluice": {"id": "longest", "onFailure": "quarantine"}}
            },
            {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "carrier"}}
          ]
        }
        """;

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> plan(suite))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .isEqualToNormalizingNewlines(
                        """
                        Cannot use suite departures on these columns:
                          column_values_to_not_be_null.carier: column 'carier' does not exist. Did you mean 'carrier'? Known: carrier, dep_delay, arr_delay
                          column_mean_to_be_between.carrier: column 'carrier' is string, not a number
                          column_values_to_match_regex.dep_delay: column 'dep_delay' is int, not string
                          column_values_to_be_between.dep_delay: min_value and max_value cannot both be absent
                          longest: onFailure 'quarantine' needs a check of single rows; use 'refuse' or 'warn'
                        Correct the suite"""));
  }

  @ParameterizedTest(name = "{0}, {1}: {2}")
  @CsvSource({
    "expect_column_values_to_not_be_null, critical, QUARANTINE",
    "expect_column_values_to_not_be_null, warning, WARN",
    "expect_column_values_to_not_be_null, info, WARN",
    "expect_column_values_to_be_unique, critical, REFUSE",
    "expect_column_values_to_be_unique, warning, WARN",
    "expect_column_unique_value_count_to_be_between, critical, REFUSE",
    "expect_column_unique_value_count_to_be_between, info, WARN",
    "expect_column_to_exist, critical, REFUSE",
    "expect_column_to_exist, warning, WARN"
  })
  void theUsualPolicyGoesByKindAndSeverity(String type, String severity, OnFailure policy) {
    SuitePlan plan =
        plan(
            """
            {"name": "s", "expectations": [
              {"type": "%s", "kwargs": {"column": "carrier"}, "severity": "%s"}]}
            """
                .formatted(type, severity));

    assertThat(plan.planned()).extracting(Planned::onFailure).containsExactly(policy);
  }

  @Test
  void onlyRowChecksTakeBitsAndKeysForWhatIsMissing() {
    SuitePlan plan =
        plan(
            """
            {"name": "s", "expectations": [
              {"type": "expect_column_to_exist", "kwargs": {"column": "carrier"}},
              {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "carrier"}},
              {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "carrier"}},
              {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "arr_delay"}, "severity": "info"}]}
            """);

    assertThat(plan.planned()).extracting(Planned::failed).containsExactly(-1, 0, -1, 1);
    assertThat(plan.planned())
        .as("a key without a value is the question that the second check asks")
        .extracting(Planned::missing)
        .containsExactly(-1, -1, 0, -1);
    assertThat(plan.words()).isEqualTo(1);
    assertThat(plan.wordColumns()).hasSize(1);
    assertThat(plan.quarantineMask()).as("the last only warns").containsExactly(0b01);
    assertThat(plan.reasons())
        .extracting(SuitePlan.Reason::id)
        .containsExactly(
            "column_values_to_not_be_null.carrier", "column_values_to_not_be_null.arr_delay");
  }

  @Test
  void theMaskReachesIntoEveryWord() {
    BitSet quarantined = BitSet.valueOf(new long[] {1L << 63, 0b101, 0b10});
    String checks =
        IntStream.range(0, 130)
            .mapToObj(bit -> quarantined.get(bit) ? "critical" : "warning")
            .map(
                severity ->
                    """
                    {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "carrier", "regex": "%s"}, "severity": "%s"}
                    """
                        .formatted(UUID.randomUUID(), severity))
            .collect(Collectors.joining(","));

    SuitePlan plan = plan("{\"name\": \"s\", \"expectations\": [" + checks + "]}");

    // Beside the checks stands the one question that they share: whether the column is null.
    assertThat(plan.words()).isEqualTo(3);
    BitSet mask = BitSet.valueOf(plan.quarantineMask());
    assertThat(mask.cardinality()).isEqualTo(quarantined.cardinality());
    assertThat(plan.planned())
        .extracting(p -> mask.get(p.failed()))
        .isEqualTo(IntStream.range(0, 130).mapToObj(quarantined::get).toList());
  }

  @Test
  void aSuiteThatAsksNothingCarriesNothing() {
    SuitePlan plan = SuitePlan.compile(Suite.empty(), SCHEMA, OtherTables.NONE);

    assertThat(plan.words()).isZero();
    assertThat(plan.wordColumns()).isEmpty();
    assertThat(plan.quarantineMask()).isEmpty();
  }

  private static SuitePlan plan(String suite) {
    return SuitePlan.compile(SuiteParser.parse(suite, "departures.json"), SCHEMA, OtherTables.NONE)
        .refuseMistakes();
  }
}
