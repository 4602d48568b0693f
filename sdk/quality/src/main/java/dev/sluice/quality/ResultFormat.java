package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How much a result tells of the rows that fail.
 *
 * @param level Great Expectations' four levels
 * @param partialUnexpectedCount how many values a partial list holds
 * @param unexpectedIndexColumnNames the columns that name a failing row
 * @param includeUnexpectedRows whether whole rows are listed
 * @param excludeUnexpectedValues whether values are left out
 */
public record ResultFormat(
    Level level,
    int partialUnexpectedCount,
    List<String> unexpectedIndexColumnNames,
    boolean includeUnexpectedRows,
    boolean excludeUnexpectedValues) {

  /** What holds where nobody says otherwise. */
  public static final ResultFormat DEFAULT =
      new ResultFormat(Level.SUMMARY, 20, List.of(), false, false);

  /** From the verdict alone to lists of everything. */
  public enum Level {
    BOOLEAN_ONLY,
    BASIC,
    SUMMARY,
    COMPLETE
  }

  /** Copies the list. */
  public ResultFormat {
    unexpectedIndexColumnNames = List.copyOf(unexpectedIndexColumnNames);
  }

  /** Whether a result of this format tells at least as much as one of that level. */
  public boolean tells(Level least) {
    return level.compareTo(least) >= 0;
  }

  /** This format with what a suite states: a level, or an object of which any key may be absent. */
  ResultFormat with(JsonNode node) {
    if (node.isTextual()) {
      return new ResultFormat(
          Level.valueOf(node.asText()),
          partialUnexpectedCount,
          unexpectedIndexColumnNames,
          includeUnexpectedRows,
          excludeUnexpectedValues);
    }
    List<String> names = new ArrayList<>();
    node.path("unexpected_index_column_names").forEach(name -> names.add(name.asText()));
    return new ResultFormat(
        Level.valueOf(node.path("result_format").asText(level.name())),
        node.path("partial_unexpected_count").asInt(partialUnexpectedCount),
        names.isEmpty() ? unexpectedIndexColumnNames : names,
        node.path("include_unexpected_rows").asBoolean(includeUnexpectedRows),
        node.path("exclude_unexpected_values").asBoolean(excludeUnexpectedValues));
  }
}
