package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * The kwargs of a question to each value of a column and a set.
 *
 * @param column the column
 * @param valueSet the set; absent for a question that is not asked
 * @param mostly the share of values that must pass; absent for all
 */
public record ColumnSet(
    String column, Optional<List<JsonNode>> valueSet, Optional<Double> mostly) {}
