package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.Bounds;
import java.util.Optional;

/**
 * The kwargs of a question whether a count falls into a range.
 *
 * @param minValue the least count; absent for no lower end
 * @param maxValue the greatest count; absent for no upper end
 * @param strictMin whether the least count itself is outside
 * @param strictMax whether the greatest count itself is outside
 */
public record TableRange(
    Optional<JsonNode> minValue,
    Optional<JsonNode> maxValue,
    Optional<Boolean> strictMin,
    Optional<Boolean> strictMax) {

  /** The range. */
  Bounds bounds() {
    return new Bounds(minValue, maxValue, strictMin, strictMax).ofNumbers();
  }
}
