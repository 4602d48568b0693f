package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.Bounds;
import java.util.Optional;

/**
 * The kwargs of a question whether something about a column falls into a range.
 *
 * @param column the column
 * @param minValue the least value; absent for no lower end
 * @param maxValue the greatest value; absent for no upper end
 * @param strictMin whether the least value itself is outside
 * @param strictMax whether the greatest value itself is outside
 */
public record ColumnRange(
    String column,
    Optional<JsonNode> minValue,
    Optional<JsonNode> maxValue,
    Optional<Boolean> strictMin,
    Optional<Boolean> strictMax) {

  /** The range. */
  Bounds bounds() {
    return new Bounds(minValue, maxValue, strictMin, strictMax);
  }
}
