package dev.sluice.quality.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundingTest {

  @ParameterizedTest(name = "{0} … {1} in steps of at least {2} is {3} … {4}")
  @CsvSource({
    "-43, 1301, 1, -100, 1400",
    "17, 4983, 1, 0, 5000",
    "1, 12, 1, 1, 12",
    "1, 31, 1, 1, 31",
    "2013, 2013, 1, 2013, 2013",
    "40.1234, 41.98, 0, 40.1, 42.0",
    "-0.00123, 0.00456, 0, -0.0013, 0.0046",
    "0.1, 0.1, 0, 0.1, 0.1",
    "12345678901234567.25, 12345678901234567.25, 0, 12345678901234500, 12345678901234600",
    "-9223372036854775808, 9223372036854775807, 1, -10000000000000000000, 10000000000000000000"
  })
  void rangesAreRoundedOutward(
      BigDecimal min, BigDecimal max, BigDecimal step, BigDecimal down, BigDecimal up) {
    Rounding.Range range = Rounding.outward(min, max, step);

    assertThat(range.min()).isEqualByComparingTo(down).isLessThanOrEqualTo(min);
    assertThat(range.max()).isEqualByComparingTo(up).isGreaterThanOrEqualTo(max);
  }

  @ParameterizedTest(name = "{0} of {1} asks for {2}")
  @CsvSource({
    "9999, 10000, 0.999",
    "9950, 10000, 0.995",
    "9899, 10000, 0.98",
    "9, 10, 0.9",
    "899, 1000, 0.85",
    "1, 3, 0.3",
    "1, 100, 0",
    "0, 100, 0"
  })
  void sharesAreRoundedDown(long part, long whole, BigDecimal share) {
    assertThat(Rounding.share(part, whole)).isEqualByComparingTo(share);
    assertThat((double) part / whole).isGreaterThanOrEqualTo(share.doubleValue());
  }

  @Test
  void countsKeepOneDigit() {
    assertThat(Rounding.oneDigit(13502, RoundingMode.FLOOR)).isEqualTo(10_000);
    assertThat(Rounding.oneDigit(54008, RoundingMode.CEILING)).isEqualTo(60_000);
    assertThat(Rounding.oneDigit(0.5, RoundingMode.FLOOR)).isZero();
  }
}
