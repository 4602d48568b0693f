package dev.sluice.quality.profile;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/**
 * What one column holds.
 *
 * @param name its name
 * @param type its type
 * @param kind what sort of values it holds
 * @param rows all rows
 * @param nulls rows without a value
 * @param distinct how many different values there are
 * @param counting whether that number is exact
 * @param values each value with its count, most frequent first; empty where there are more than a
 *     profile keeps
 * @param spread the range of numbers, dates and times; absent where there are none
 * @param texts lengths and shapes; absent where there is no text
 */
public record ColumnProfile(
    String name,
    DataType type,
    Kind kind,
    long rows,
    long nulls,
    long distinct,
    Counting counting,
    List<ValueCount> values,
    Optional<Spread> spread,
    Optional<Texts> texts) {

  /** How distinct values were counted. */
  public enum Counting {
    /** Each value was compared with the others. */
    EXACT,
    /** By a sketch, right within a few percent. */
    ESTIMATED
  }

  /** One value and how many rows hold it. */
  public record ValueCount(Object value, long rows) {}

  /**
   * The range of the values.
   *
   * @param min the least; days or microseconds since 1970 for dates and times
   * @param max the greatest
   * @param mean their mean, right to about ten digits
   * @param notFinite how many are NaN or infinite, and so outside of the range
   * @param allWhole whether no value has a fraction
   */
  public record Spread(
      BigDecimal min, BigDecimal max, double mean, long notFinite, boolean allWhole) {}

  /**
   * What texts look like.
   *
   * @param shortest fewest characters
   * @param longest most characters
   * @param shapes the shapes, most frequent first; empty where they are too many or too irregular
   */
  public record Texts(int shortest, int longest, List<Shape> shapes) {}

  /** Copies the list. */
  public ColumnProfile {
    values = List.copyOf(values);
  }

  /** Rows with a value. */
  public long present() {
    return rows - nulls;
  }
}
