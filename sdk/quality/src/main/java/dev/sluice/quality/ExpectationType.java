package dev.sluice.quality;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Locale;

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

  /** The name in a suite; by default that of the class: {@code expect_column_to_exist}. */
  default String name() {
    return getClass()
        .getSimpleName()
        .replaceAll("([a-z0-9A-Z])([A-Z])", "$1_$2")
        .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  /** The record of the kwargs; by default the one that the class names as its type argument. */
  @SuppressWarnings("unchecked")
  default Class<K> kwargs() {
    for (Type implemented : getClass().getGenericInterfaces()) {
      if (implemented instanceof ParameterizedType type
          && type.getRawType() == ExpectationType.class) {
        return (Class<K>) type.getActualTypeArguments()[0];
      }
    }
    throw new IllegalStateException(
        getClass() + " names no record; known are " + Arrays.toString(getClass().getInterfaces()));
  }

  /** Whether a {@code row_condition} may narrow the rows it asks about. */
  default boolean takesCondition() {
    return true;
  }

  /**
   * Turns the kwargs into a check of rows.
   *
   * @throws IllegalArgumentException where they do not fit the rows, with the reason
   * @throws UnsupportedOperationException where Spark cannot answer this type, with the reason
   */
  Check compile(K kwargs, Scope scope);
}
