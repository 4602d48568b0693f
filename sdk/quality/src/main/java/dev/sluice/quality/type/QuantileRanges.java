package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.JsonTypes;
import java.util.List;

/**
 * Quantiles, and the range of each.
 *
 * @param quantiles shares of all values, 0 to 1
 * @param valueRanges the least and the greatest value of each; null for no end
 */
public record QuantileRanges(
    List<Double> quantiles, @JsonTypes({"number", "null"}) List<List<JsonNode>> valueRanges) {}
