package dev.sluice.quality.type;

import dev.sluice.quality.Frequencies;
import dev.sluice.quality.Frequencies.Value;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Single values with their expected and observed shares: first those of a distribution, in its
 * order, then those that nobody expected.
 *
 * @param values the values
 * @param observed their shares of all values
 * @param expected the shares they should have
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Categories(List<Object> values, double[] observed, double[] expected) {

  /**
   * Holds frequencies against a distribution.
   *
   * @param holdout the share that values take together which nobody expected
   */
  static Categories of(
      Frequencies found, Map<String, Object> wanted, List<Double> weights, double holdout) {
    Map<String, Long> counts = new LinkedHashMap<>();
    Map<String, Object> values = new LinkedHashMap<>(wanted);
    for (Value one : found.values()) {
      counts.put(SetValues.text(one.value()), one.count());
      values.putIfAbsent(SetValues.text(one.value()), one.value());
    }
    int strangers = values.size() - wanted.size();
    double[] observed = new double[values.size()];
    double[] expected = new double[values.size()];
    int i = 0;
    for (String text : values.keySet()) {
      observed[i] = (double) counts.getOrDefault(text, 0L) / Math.max(1, found.present());
      expected[i] =
          i >= wanted.size()
              ? holdout / strangers
              : strangers == 0 ? weights.get(i) : weights.get(i) * (1 - holdout);
      i++;
    }
    return new Categories(List.copyOf(values.values()), observed, expected);
  }

  /** Great Expectations' {@code details}. */
  Map<String, Object> details() {
    return Fields.of("observed_partition", shown(observed), "expected_partition", shown(expected));
  }

  private Map<String, Object> shown(double[] shares) {
    return Fields.of("values", values, "weights", Arrays.stream(shares).boxed().toList());
  }
}
