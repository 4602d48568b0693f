package dev.sluice.quality.profile;

import dev.sluice.quality.profile.ColumnProfile.Counting;
import dev.sluice.quality.profile.ColumnProfile.ValueCount;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructField;

/**
 * What is known of one column so far, in bounded memory.
 *
 * <p>As long as there are few different values, each is kept with its count, which is exact and
 * cheap. With one value too many they all go into sums, extremes, shapes and a distinct sketch.
 */
final class ColumnSketch implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The most values that are kept. */
  static final int VALUES = 100;

  /** A longer text is none that a suite would list. */
  private static final int LONGEST = 200;

  private final Map<Object, Long> few = new HashMap<>();
  private final DistinctSketch distinct = new DistinctSketch();
  private final NumberSketch numbers = new NumberSketch();
  private final TextSketch texts = new TextSketch();
  private boolean many;
  private long rows;
  private long nulls;

  /** Looks at one more value, which may be null. */
  void add(Object value) {
    rows++;
    if (value == null) {
      nulls++;
    } else if (many) {
      spill(value, 1L);
    } else {
      keep(value, 1L);
    }
  }

  void merge(ColumnSketch other) {
    rows += other.rows;
    nulls += other.nulls;
    if (other.many && !many) {
      spillAll();
    }
    other.few.forEach(many ? this::spill : this::keep);
    distinct.merge(other.distinct);
    numbers.merge(other.numbers);
    texts.merge(other.texts);
  }

  private void keep(Object value, Long count) {
    if (many) {
      spill(value, count);
      return;
    }
    few.merge(value, count, Long::sum);
    if (few.size() > VALUES || (value instanceof String text && text.length() > LONGEST)) {
      spillAll();
    }
  }

  private void spillAll() {
    many = true;
    few.forEach(this::spill);
    few.clear();
  }

  private void spill(Object value, Long count) {
    distinct.add(value);
    sum(value, count);
  }

  private void sum(Object value, Long count) {
    if (value instanceof Number number) {
      numbers.add(number, count);
    } else if (value instanceof String text) {
      texts.add(text, count);
    }
  }

  /** All that has been seen; nothing may be added afterwards. */
  ColumnProfile profile(StructField field) {
    if (!many) {
      few.forEach(this::sum);
    }
    return new ColumnProfile(
        field.name(),
        field.dataType(),
        Kind.of(field.dataType()),
        rows,
        nulls,
        many ? Math.min(distinct.estimate(), rows - nulls) : few.size(),
        many ? Counting.ESTIMATED : Counting.EXACT,
        values(),
        numbers.found(),
        texts.found());
  }

  private List<ValueCount> values() {
    return few.entrySet().stream()
        .map(e -> new ValueCount(e.getKey(), e.getValue()))
        .sorted(
            Comparator.comparingLong(ValueCount::rows)
                .reversed()
                .thenComparing(value -> value.value().toString()))
        .toList();
  }
}
