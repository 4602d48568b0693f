package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunKeyTest {
  private static final Interval JANUARY = Interval.parse("2013-01-01/2013-02-01");
  private static final RunKey KEY =
      new RunKey("clean-departures", "flights.departures", Optional.of(JANUARY));

  @Test
  void readsAsJobTargetAndInterval() {
    assertThat(KEY)
        .hasToString(
            "clean-departures/flights.departures/2013-01-01T00:00:00Z/2013-02-01T00:00:00Z");
  }

  @Test
  void withoutAnIntervalStandsForAll() {
    assertThat(new RunKey("load-delays", "delays", Optional.empty()))
        .hasToString("load-delays/delays/all");
  }

  /** Tables in the field carry these hashes: another one would publish everything once more. */
  @Test
  void hashesForEverTheSame() {
    assertThat(KEY.hash()).isEqualTo("ca3880ab410530d2");
    assertThat(new RunKey("load-delays", "delays", Optional.empty()).hash())
        .isEqualTo("47b07e10df3b8c10");
  }

  @Test
  void otherWorkHasAnotherHash() {
    Interval february = Interval.parse("2013-02-01/2013-03-01");

    assertThat(KEY.hash())
        .isNotEqualTo(new RunKey(KEY.job(), KEY.target(), Optional.of(february)).hash())
        .isNotEqualTo(new RunKey("clean", KEY.target(), KEY.interval()).hash())
        .isNotEqualTo(new RunKey(KEY.job(), "flights.flights", KEY.interval()).hash())
        .isNotEqualTo(new RunKey(KEY.job(), KEY.target(), Optional.empty()).hash());
  }

  @Test
  void theSameIntervalWrittenOtherwiseIsTheSameWork() {
    Interval zoned = Interval.parse("2013-01-01T01:00:00+01:00/2013-02-01T00:00:00Z");

    assertThat(new RunKey(KEY.job(), KEY.target(), Optional.of(zoned))).isEqualTo(KEY);
  }
}
