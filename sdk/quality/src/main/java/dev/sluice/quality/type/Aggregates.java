package dev.sluice.quality.type;

import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;

/** The shape that most aggregate checks have: one number that must fall into a range. */
final class Aggregates {
  private Aggregates() {}

  /** Without values to look at there is nothing to observe, and the expectation does not hold. */
  static Check between(Column aggregate, Bounds bounds) {
    Bounds range = bounds.ofNumbers();
    return new Check.AggregateCheck(List.of(aggregate), values -> observed(values.get(0), range));
  }

  /** The outcome for one value that was observed; null or not a number for none. */
  static Check.Outcome observed(Object value, Bounds range) {
    Object observed = nothing(value) ? null : value;
    Map<String, Object> result = new HashMap<>();
    result.put("observed_value", observed);
    boolean success = observed instanceof Number number && range.hold(number);
    return new Check.Outcome(success, result);
  }

  private static boolean nothing(Object value) {
    return value instanceof Double number && number.isNaN();
  }
}
