package dev.sluice.quality.type;

import java.util.List;
import java.util.Optional;

/**
 * The kwargs of a question to several columns at once that needs to be told nothing else.
 *
 * @param columnList the columns
 * @param ignoreRowIf which rows are not asked: all_values_are_missing, any_value_is_missing, never
 * @param mostly the share of rows that must pass; absent for all
 */
public record ColumnList(
    List<String> columnList, Optional<String> ignoreRowIf, Optional<Double> mostly) {}
