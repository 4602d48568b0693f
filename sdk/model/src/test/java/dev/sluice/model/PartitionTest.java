package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartitionTest {

  @ParameterizedTest
  @CsvSource({
    "year(at), 2013-01-01/2014-01-01, 1",
    "year(at), 2013-12-31/2014-01-02, 2",
    "month(at), 2013-01-01/2013-04-01, 3",
    "month(at), 2013-01-31/2013-02-02, 2",
    "day(at), 2013-01-01/2013-02-01, 31",
    "hour(at), 2013-01-01/2013-01-02, 24",
    "hour(at), 2013-01-01T00:30:00+00:00/2013-01-01T01:30:00+00:00, 2",
    "'bucket(16, id)', 2013-01-01/2013-02-01, 16",
  })
  void knowsHowManyThereCanBeWithinAnInterval(String partition, String interval, long count) {
    assertThat(Partition.parse(partition).within(Optional.of(Interval.parse(interval))))
        .hasValue(count);
  }

  @Test
  void doesNotGuessWhatOnlyTheRowsCanTell() {
    Optional<Interval> month = Optional.of(Interval.parse("2013-01-01/2013-02-01"));

    assertThat(Partition.value("id").within(month)).isEqualTo(OptionalLong.empty());
    assertThat(Partition.truncate(10, "id").within(month)).isEqualTo(OptionalLong.empty());
    assertThat(Partition.day("at").within(Optional.empty())).isEqualTo(OptionalLong.empty());
  }
}
