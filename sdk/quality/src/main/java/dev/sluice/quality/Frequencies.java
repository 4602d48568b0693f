package dev.sluice.quality;

import java.util.List;

/**
 * The distinct values of a column and how often each occurs; nulls are not among them.
 *
 * @param distinct how many distinct values there are
 * @param present how many rows have a value
 * @param values the commonest of them, and those of interest; by falling count, then by value
 */
public record Frequencies(long distinct, long present, List<Value> values) {

  /** How many values are kept at the most, besides those of interest. */
  public static final int MOST = 10_000;

  /** One value of the column's type, and the number of rows that have it. */
  public record Value(Object value, long count) {}

  /** Orders values of one column. */
  @SuppressWarnings("unchecked") // the values of one column are of one type
  static int byValue(Value left, Value right) {
    return left.value() instanceof Comparable<?>
        ? ((Comparable<Object>) left.value()).compareTo(right.value())
        : left.value().toString().compareTo(right.value().toString());
  }

  /** Whether every distinct value is among {@link #values}. */
  public boolean complete() {
    return values.size() == distinct;
  }
}
