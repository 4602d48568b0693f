package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "2013-01-01/2013-02-01",
    "2013-01-01T00:00:00+00:00/2013-02-01T00:00:00+00:00",
    "2013-01-01T00:00Z/2013-02-01",
    "2013-01-01T02:00:00+02:00/2013-01-31T19:00:00-05:00"
  })
  void readsDatesAndDateTimes(String text) {
    Interval interval = Interval.parse(text);

    assertThat(interval.start()).isEqualTo(Instant.parse("2013-01-01T00:00:00Z"));
    assertThat(interval.end()).isEqualTo(Instant.parse("2013-02-01T00:00:00Z"));
    assertThat(interval).hasToString("2013-01-01T00:00:00Z/2013-02-01T00:00:00Z");
    assertThat(Interval.parse(interval.toString())).isEqualTo(interval);
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "2013-01-01T00:00:00Z/2013-02-01T00:00:00Z, 2013-01-01/2013-02-01",
    "2013-01-01T00:00:00Z/2013-01-01T06:00:00Z, 2013-01-01/2013-01-01T06:00:00Z",
    "2013-01-01T02:00:00+02:00/2013-01-01T02:00:00Z, 2013-01-01/2013-01-01T02:00:00Z"
  })
  void isShortForPeople(String text, String brief) {
    assertThat(Interval.parse(text).brief()).isEqualTo(brief);
    assertThat(Interval.parse(brief)).isEqualTo(Interval.parse(text));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"", "2013-01-01", "2013-01-01/2013-02-01/2013-03-01"})
  void saysWhatFormItWants(String text) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Interval.parse(text))
        .withMessage(
            "Cannot read interval '%s': it is not START/END. Write it like 2013-01-01/2013-02-01",
            text)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "2013-13-01/2014-01-01, 2013-13-01",
    "2013-01-01/, ''",
    "/2013-01-01, ''",
    "2013-01-01/tomorrow, tomorrow",
    "2013-01-01T00:00:00/2013-02-01, 2013-01-01T00:00:00",
    "2013-1-1/2013-02-01, 2013-1-1"
  })
  void namesTheEndThatItCannotRead(String text, String wrong) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Interval.parse(text))
        .withMessage(
            "Cannot read interval: '%s' is neither a date nor a date-time with offset. Write it"
                + " like 2013-01-01 or 2013-01-01T00:00:00+00:00",
            wrong)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"2013-02-01/2013-01-01", "2013-01-01/2013-01-01"})
  void mustNotBeEmptyOrReversed(String text) {
    String[] ends = text.split("/", -1);

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Interval.parse(text))
        .withMessage(
            "Cannot use interval %sT00:00:00Z/%sT00:00:00Z: its end is not after its start. Give a"
                + " later end",
            ends[0], ends[1]);
  }
}
