package dev.sluice.quality.type;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * Shares of values in ranges, and below and above all of them.
 *
 * @param ends the finite ends of the ranges
 * @param shares one share for each range between two ends
 * @param below the share below the first end
 * @param above the share above the last end
 */
record Histogram(List<Double> ends, List<Double> shares, double below, double above) {

  /** What to count: values below all ranges, in each of them, above all, and all values. */
  static List<Column> counts(Column value, double[] ends) {
    List<Column> counts = new ArrayList<>();
    int last = ends.length - 1;
    counts.add(functions.count_if(value.lt(functions.lit(ends[0]))));
    for (int i = 0; i < last; i++) {
      Column end = functions.lit(ends[i + 1]);
      // The last range holds its end.
      Column inside = i == last - 1 ? value.leq(end) : value.lt(end);
      counts.add(functions.count_if(value.geq(functions.lit(ends[i])).and(inside)));
    }
    counts.add(functions.count_if(value.gt(functions.lit(ends[last]))));
    counts.add(functions.count(value));
    return counts;
  }

  /**
   * Shares over ranges of which the outer ones may be infinite.
   *
   * @param all the share below all ranges, of each of them, and above all
   */
  static Histogram of(double[] ends, List<Double> all) {
    int from = Double.isInfinite(ends[0]) ? 1 : 0;
    int to = Double.isInfinite(ends[ends.length - 1]) ? 1 : 0;
    List<Double> finite = Arrays.stream(ends).boxed().toList().subList(from, ends.length - to);
    // A range without an end is the tail; nothing is beyond it.
    return new Histogram(
        finite,
        List.copyOf(all.subList(1 + from, all.size() - 1 - to)),
        all.get(from),
        all.get(all.size() - 1 - to));
  }

  /** All shares, the tails first and last. */
  double[] all() {
    List<Double> all = new ArrayList<>(shares);
    all.add(0, below);
    all.add(above);
    return all.stream().mapToDouble(share -> share).toArray();
  }

  /** As Great Expectations shows it. */
  Map<String, Object> shown() {
    return Fields.of("bins", ends, "weights", shares, "tail_weights", List.of(below, above));
  }
}
