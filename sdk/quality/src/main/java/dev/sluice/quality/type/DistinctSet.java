package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * The kwargs of a question to the distinct values of a column and a set.
 *
 * @param column the column
 * @param valueSet the set; absent for a question that is not asked
 */
public record DistinctSet(String column, Optional<List<JsonNode>> valueSet) {}
