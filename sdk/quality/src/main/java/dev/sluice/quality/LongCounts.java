package dev.sluice.quality;

import java.io.Serializable;
import java.util.Arrays;

/** How often each of some longs occurs, without an object for any of them. */
final class LongCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What is called for each value. */
  interface Each {
    void accept(long value, long count);
  }

  private long[] values = new long[64];

  /** How often the value in the same place occurs; 0 for a place that is free. */
  private long[] counts = new long[64];

  private int size;

  void add(long value, long times) {
    int place = place(value);
    if (counts[place] == 0) {
      values[place] = value;
      size++;
    }
    counts[place] += times;
    if (size * 2 > values.length) {
      grow();
    }
  }

  /** How many distinct values there are. */
  int size() {
    return size;
  }

  void forEach(Each each) {
    for (int i = 0; i < values.length; i++) {
      if (counts[i] > 0) {
        each.accept(values[i], counts[i]);
      }
    }
  }

  /** Where the value is or would go: the next free place after its own, so never more than half. */
  private int place(long value) {
    long hash = value * 0x9E3779B97F4A7C15L; // 2^64 divided by the golden ratio, as Knuth has it
    int place = (int) (hash >>> 32) & (values.length - 1);
    while (counts[place] > 0 && values[place] != value) {
      place = (place + 1) & (values.length - 1);
    }
    return place;
  }

  private void grow() {
    long[] oldValues = values;
    long[] oldCounts = counts;
    values = Arrays.copyOf(oldValues, oldValues.length * 2);
    counts = new long[values.length];
    for (int i = 0; i < oldValues.length; i++) {
      if (oldCounts[i] > 0) {
        int place = place(oldValues[i]);
        values[place] = oldValues[i];
        counts[place] = oldCounts[i];
      }
    }
  }
}
