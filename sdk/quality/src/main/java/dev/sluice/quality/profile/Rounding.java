package dev.sluice.quality.profile;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Makes readable numbers of observed ones, always to the side on which the data still fits. */
final class Rounding {
  /** As many digits survive the way through a double, which is what JSON numbers become. */
  private static final int DIGITS = 15;

  private Rounding() {}

  /** A range around another, in steps of a hundredth to a tenth of its width. */
  record Range(BigDecimal min, BigDecimal max) {}

  /**
   * A range of readable numbers that holds everything from min to max; exact where both are equal.
   *
   * @param smallest the least step: 1 for whole numbers, 0 for others
   */
  static Range outward(BigDecimal min, BigDecimal max, BigDecimal smallest) {
    BigDecimal width = max.subtract(min);
    if (width.signum() == 0) {
      return digits(min, max);
    }
    int magnitude = width.precision() - width.scale() - 1;
    BigDecimal step = BigDecimal.ONE.scaleByPowerOfTen(magnitude - 1).max(smallest);
    Range rounded =
        new Range(rounded(min, step, RoundingMode.FLOOR), rounded(max, step, RoundingMode.CEILING));
    return smallest.signum() > 0 ? rounded : digits(rounded.min(), rounded.max());
  }

  private static Range digits(BigDecimal min, BigDecimal max) {
    return new Range(
        min.round(new MathContext(DIGITS, RoundingMode.FLOOR)),
        max.round(new MathContext(DIGITS, RoundingMode.CEILING)));
  }

  private static BigDecimal rounded(BigDecimal value, BigDecimal step, RoundingMode mode) {
    return value.divide(step, 0, mode).multiply(step);
  }

  /** A count with one digit that is not zero. */
  static long oneDigit(double count, RoundingMode mode) {
    return BigDecimal.valueOf(count).round(new MathContext(1, mode)).longValue();
  }

  /**
   * A share to ask for where so many of all hold today: always a little less, to leave room, in
   * coarser steps the less it is. Zero where it is too little to ask for anything.
   */
  static BigDecimal share(long part, long whole) {
    BigDecimal exact =
        BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), 12, RoundingMode.FLOOR);
    BigDecimal step =
        exact.compareTo(new BigDecimal("0.99")) >= 0
            ? new BigDecimal("0.001")
            : exact.compareTo(new BigDecimal("0.9")) >= 0
                ? new BigDecimal("0.01")
                : new BigDecimal("0.05");
    return rounded(exact, step, RoundingMode.FLOOR);
  }
}
