package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Interval;
import dev.sluice.model.SluiceException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EachTest {
  private static List<Interval> split(Each each, String range) {
    return each.split(Interval.parse(range));
  }

  private static List<String> briefs(Each each, String range) {
    return split(each, range).stream().map(Interval::brief).toList();
  }

  @Test
  void aDayIsAPlainRunsIntervalAndThe29thOfFebruaryOne() {
    assertThat(briefs(Each.DAY, "2024-02-28/2024-03-02"))
        .containsExactly("2024-02-28/2024-02-29", "2024-02-29/2024-03-01", "2024-03-01/2024-03-02");
    assertThat(split(Each.DAY, "2024-02-28/2024-03-02").get(0))
        .isEqualTo(Interval.parse("2024-02-28T00:00:00+00:00/2024-02-29T00:00:00+00:00"));
  }

  @Test
  void aMonthEndsWhereTheNextBegins() {
    assertThat(briefs(Each.MONTH, "2012-12-01/2013-04-01"))
        .containsExactly(
            "2012-12-01/2013-01-01",
            "2013-01-01/2013-02-01",
            "2013-02-01/2013-03-01",
            "2013-03-01/2013-04-01");
  }

  @Test
  void aYearMayHaveOneDayMore() {
    assertThat(briefs(Each.YEAR, "2023-01-01/2025-01-01"))
        .containsExactly("2023-01-01/2024-01-01", "2024-01-01/2025-01-01");
  }

  @Test
  void hoursGoThroughAChangeOfClocksThatUtcDoesNotHave() {
    assertThat(briefs(Each.HOUR, "2024-03-31T01:00:00+01:00/2024-03-31T05:00:00+02:00"))
        .containsExactly(
            "2024-03-31/2024-03-31T01:00:00Z",
            "2024-03-31T01:00:00Z/2024-03-31T02:00:00Z",
            "2024-03-31T02:00:00Z/2024-03-31T03:00:00Z");
  }

  @ParameterizedTest(name = "each {0} of {1}")
  @CsvSource({"HOUR, 24", "DAY, 1"})
  void theSameDayHasSoManyParts(Each each, int parts) {
    assertThat(split(each, "2024-10-27/2024-10-28")).hasSize(parts);
  }

  @ParameterizedTest(name = "each {0} of {1}")
  @CsvSource({
    "HOUR, 2024-01-01T00:30:00Z/2024-01-02, start, 2024-01-01, 2024-01-01T01:00:00Z",
    "DAY, 2024-02-28T05:00:00Z/2024-03-02, start, 2024-02-28, 2024-02-29",
    "DAY, 2024-02-28/2024-02-29T23:59:59.999Z, end, 2024-02-29, 2024-03-01",
    "MONTH, 2024-01-31/2024-03-01, start, 2024-01-01, 2024-02-01",
    "MONTH, 2024-01-01/2024-12-31, end, 2024-12-01, 2025-01-01",
    "YEAR, 2024-01-01/2024-12-31, end, 2024-01-01, 2025-01-01"
  })
  void aBoundWithinAPartIsRefusedAndTheNearestAreNamed(
      Each each, String range, String name, String before, String after) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> split(each, range))
        .withMessage(
            "Cannot split %s for each %s: its %s lies within one, in UTC. Let it %s at %s or %s",
            Interval.parse(range).brief(), each.word(), name, name, before, after)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }

  @Test
  void moreThanAThousandPartsAreRefused() {
    assertThat(split(Each.DAY, "2020-01-01/2022-09-27")).hasSize(1000);

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> split(Each.HOUR, "2013-01-01/2014-01-01"))
        .withMessage(
            "Cannot split 2013-01-01/2014-01-01 for each hour: these are 8760 parts, and a run does"
                + " 1000 at most. Give a shorter interval, or longer parts")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }
}
