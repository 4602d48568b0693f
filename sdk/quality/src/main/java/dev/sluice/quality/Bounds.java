package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/**
 * A range that a value must fall into.
 *
 * @param min the least value; absent for no lower end
 * @param max the greatest value; absent for no upper end
 * @param strictMin whether the least value itself is outside
 * @param strictMax whether the greatest value itself is outside
 */
public record Bounds(
    Optional<JsonNode> min,
    Optional<JsonNode> max,
    Optional<Boolean> strictMin,
    Optional<Boolean> strictMax) {

  /** Takes an end that is null for an absent one. */
  public Bounds {
    min = min.filter(value -> !value.isNull());
    max = max.filter(value -> !value.isNull());
    if (min.isPresent() && max.isPresent() && reversed(min.get(), max.get())) {
      throw new IllegalArgumentException(
          "min_value " + min.get() + " is greater than max_value " + max.get());
    }
  }

  /**
   * True where a value of this type is outside; null where it is null.
   *
   * @throws IllegalArgumentException where there is no end at all
   */
  public Column outside(Column value, DataType type) {
    if (isOpen()) {
      throw new IllegalArgumentException("min_value and max_value cannot both be absent");
    }
    Column below = functions.lit(false);
    if (min.isPresent()) {
      Column least = Columns.literal(min.get(), type);
      below = strictMin.orElse(false) ? value.leq(least) : value.lt(least);
    }
    Column above = functions.lit(false);
    if (max.isPresent()) {
      Column greatest = Columns.literal(max.get(), type);
      above = strictMax.orElse(false) ? value.geq(greatest) : value.gt(greatest);
    }
    return below.or(above);
  }

  /** Whether there is no end, so that every value is inside. */
  public boolean isOpen() {
    return min.isEmpty() && max.isEmpty();
  }

  /**
   * This range, for numbers.
   *
   * @throws IllegalArgumentException where an end is not a number
   */
  public Bounds ofNumbers() {
    min.ifPresent(least -> number("min_value", least));
    max.ifPresent(greatest -> number("max_value", greatest));
    return this;
  }

  /** Whether a number is inside; a range without ends holds every number. */
  public boolean hold(Number value) {
    boolean above =
        min.map(least -> compare(value, least))
            .map(order -> strictMin.orElse(false) ? order > 0 : order >= 0)
            .orElse(true);
    boolean below =
        max.map(greatest -> compare(value, greatest))
            .map(order -> strictMax.orElse(false) ? order < 0 : order <= 0)
            .orElse(true);
    return above && below;
  }

  /** Exact for whole and decimal numbers, of which a double would lose digits. */
  private static int compare(Number value, JsonNode end) {
    if (value instanceof Double || value instanceof Float) {
      // Adding zero makes one zero of the two that floating point has.
      return Double.compare(value.doubleValue() + 0.0, end.asDouble() + 0.0);
    }
    return new BigDecimal(value.toString()).compareTo(end.decimalValue());
  }

  private static boolean reversed(JsonNode least, JsonNode greatest) {
    return least.isNumber()
        && greatest.isNumber()
        && least.decimalValue().compareTo(greatest.decimalValue()) > 0;
  }

  private static void number(String name, JsonNode end) {
    if (!end.isNumber()) {
      throw new IllegalArgumentException(name + " " + end + " is not a number");
    }
  }
}
