package dev.sluice.quality;

import java.util.ArrayList;
import java.util.List;

/** Quantiles of values whose frequencies are known, to the last bit as Spark's own aggregates. */
public final class Ranks {
  private Ranks() {}

  /** The least value that has at least this share of all values below or at it; null of none. */
  public static Double least(Frequencies all, double share) {
    long rank = Math.max(1, (long) Math.ceil(all.present() * share));
    return all.present() == 0 ? null : at(rising(all), rank);
  }

  /** The value at this share of the way from the least to the greatest, between two if need be. */
  public static Double between(Frequencies all, double share) {
    if (all.present() == 0) {
      return null;
    }
    double position = (all.present() - 1) * share;
    long lower = (long) Math.floor(position);
    long higher = (long) Math.ceil(position);
    List<Frequencies.Value> values = rising(all);
    double low = at(values, lower + 1);
    double high = at(values, higher + 1);
    return low == high ? low : (higher - position) * low + (position - lower) * high;
  }

  private static List<Frequencies.Value> rising(Frequencies all) {
    List<Frequencies.Value> values = new ArrayList<>(all.values());
    values.sort((left, right) -> Double.compare(number(left), number(right)));
    return values;
  }

  private static double at(List<Frequencies.Value> rising, long rank) {
    long seen = 0;
    for (Frequencies.Value value : rising) {
      seen += value.count();
      if (seen >= rank) {
        return number(value);
      }
    }
    throw new IllegalArgumentException("rank " + rank + " of " + seen + " values");
  }

  private static double number(Frequencies.Value value) {
    return ((Number) value.value()).doubleValue();
  }
}
