package dev.sluice.quality.type;

import java.util.Optional;

/**
 * The kwargs of a question to each value of a column that needs to be told nothing else.
 *
 * @param column the column
 * @param mostly the share of values that must pass; absent for all
 */
public record ColumnValues(String column, Optional<Double> mostly) {}
