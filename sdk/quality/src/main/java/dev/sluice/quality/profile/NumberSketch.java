package dev.sluice.quality.profile;

import dev.sluice.quality.profile.ColumnProfile.Spread;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Optional;

/** The range of numbers so far. */
final class NumberSketch implements Serializable {
  private static final long serialVersionUID = 1L;

  private long rows;
  private long notFinite;
  private double sum;
  private boolean allWhole = true;
  private Number min = 0L;
  private Number max = 0L;

  void add(Number value, long count) {
    if (value instanceof Double number && !Double.isFinite(number)) {
      notFinite += count;
      return;
    }
    widen(value, value);
    rows += count;
    sum += value.doubleValue() * count;
    allWhole &= whole(value);
  }

  void merge(NumberSketch other) {
    notFinite += other.notFinite;
    if (other.rows > 0) {
      widen(other.min, other.max);
      rows += other.rows;
      sum += other.sum;
      allWhole &= other.allWhole;
    }
  }

  private void widen(Number least, Number greatest) {
    min = rows == 0 || compare(least, min) < 0 ? least : min;
    max = rows == 0 || compare(greatest, max) > 0 ? greatest : max;
  }

  Optional<Spread> found() {
    return rows == 0
        ? Optional.empty()
        : Optional.of(new Spread(exact(min), exact(max), sum / rows, notFinite, allWhole));
  }

  long notFinite() {
    return notFinite;
  }

  /** Both come from the same column, and so are of the same class. */
  private static int compare(Number left, Number right) {
    if (left instanceof Long a && right instanceof Long b) {
      return Long.compare(a, b);
    }
    if (left instanceof Double a && right instanceof Double b) {
      return Double.compare(a, b);
    }
    return exact(left).compareTo(exact(right));
  }

  private static boolean whole(Number value) {
    if (value instanceof Double number) {
      return number == Math.rint(number);
    }
    return !(value instanceof BigDecimal number) || number.stripTrailingZeros().scale() <= 0;
  }

  private static BigDecimal exact(Number value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    return value instanceof Double number
        ? BigDecimal.valueOf(number)
        : BigDecimal.valueOf(value.longValue());
  }
}
