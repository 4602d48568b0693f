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

  static Check between(Column aggregate, Bounds bounds) {
    return new Check.AggregateCheck(
        List.of(aggregate),
        values -> {
          Object observed = values.get(0);
          Map<String, Object> result = new HashMap<>();
          result.put("observed_value", observed);
          boolean success = observed instanceof Number number && bounds.hold(number.doubleValue());
          return new Check.Outcome(success, result);
        });
  }
}
