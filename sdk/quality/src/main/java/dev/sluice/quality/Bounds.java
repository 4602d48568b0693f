package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
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

  /** Checks that there is an end at all. */
  public Bounds {
    min = min.filter(value -> !value.isNull());
    max = max.filter(value -> !value.isNull());
    if (min.isEmpty() && max.isEmpty()) {
      throw new IllegalArgumentException("min_value and max_value cannot both be absent");
    }
  }

  /** True where a value of this type is outside; null where it is null. */
  public Column outside(Column value, DataType type) {
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

  /** Whether a number is inside. */
  public boolean hold(double value) {
    boolean above =
        min.map(JsonNode::asDouble)
            .map(least -> strictMin.orElse(false) ? value > least : value >= least)
            .orElse(true);
    boolean below =
        max.map(JsonNode::asDouble)
            .map(greatest -> strictMax.orElse(false) ? value < greatest : value <= greatest)
            .orElse(true);
    return above && below;
  }
}
