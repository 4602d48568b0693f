package dev.sluice.quality;

import org.apache.spark.sql.types.StructType;

/**
 * One type of expectation: its kwargs as a record, and what they mean as a {@link Check}.
 *
 * <p>Found by {@link java.util.ServiceLoader}: annotate the class with {@code @AutoService}. The
 * JSON Schema of the kwargs is derived from the record; {@code Optional} components may be left out
 * or null.
 *
 * @param <K> the record of the kwargs
 */
public interface ExpectationType<K extends Record> {

  /** The name in a suite: {@code expect_column_values_to_not_be_null}. */
  String name();

  /** The record of the kwargs. */
  Class<K> kwargs();

  /** Whether a {@code row_condition} may narrow the rows it asks about. */
  default boolean takesCondition() {
    return true;
  }

  /**
   * Turns the kwargs into a check of rows with this schema.
   *
   * @throws IllegalArgumentException where they do not fit the schema, with the reason
   */
  Check compile(K kwargs, StructType schema);
}
