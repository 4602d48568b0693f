package dev.sluice.quality;

import dev.sluice.quality.ResultFormat.Level;
import dev.sluice.quality.SuitePlan.Planned;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The result of a check of single rows, as Great Expectations words it. */
final class MapResult {
  /** So many failing rows are listed at the most; all of them are in quarantine. */
  static final int MOST_LISTED = 200;

  /**
   * What was counted.
   *
   * @param elements the rows asked about
   * @param missing those with nothing to ask about
   * @param unexpected those that fail
   */
  record Counts(long elements, long missing, long unexpected) {
    long present() {
      return elements - missing;
    }

    /** Whether enough of the rows pass; without rows there is nothing to fail. */
    boolean hold(double mostly) {
      return present() == 0 || (double) (present() - unexpected) / (double) present() >= mostly;
    }
  }

  private MapResult() {}

  /** How many failing rows this format wants to see. */
  static int wanted(ResultFormat format) {
    return switch (format.level()) {
      case BOOLEAN_ONLY -> 0;
      case BASIC, SUMMARY -> format.partialUnexpectedCount();
      case COMPLETE -> Math.max(MOST_LISTED, format.partialUnexpectedCount());
    };
  }

  /**
   * The {@code result} object.
   *
   * @param columns the columns that the check looks at
   * @param samples failing rows: the values of those columns, then of the index columns
   */
  static Map<String, Object> of(
      Planned planned, List<String> columns, Counts counts, List<List<Object>> samples) {
    ResultFormat format = planned.expectation().resultFormat();
    Map<String, Object> result = new LinkedHashMap<>();
    if (!format.tells(Level.BASIC)) {
      return result;
    }
    List<Object> values = samples.stream().map(row -> value(planned, columns, row)).toList();
    List<Map<String, Object>> keys = keys(format, columns, samples);
    result.put("element_count", counts.elements());
    result.put("unexpected_count", counts.unexpected());
    result.put("unexpected_percent", percent(counts.unexpected(), counts.present()));
    if (!format.excludeUnexpectedValues()) {
      result.put("partial_unexpected_list", first(values, format));
    }
    if (!format.unexpectedIndexColumnNames().isEmpty()) {
      result.put("unexpected_index_column_names", format.unexpectedIndexColumnNames());
    }
    result.put("missing_count", counts.missing());
    result.put("missing_percent", percent(counts.missing(), counts.elements()));
    result.put("unexpected_percent_total", percent(counts.unexpected(), counts.elements()));
    result.put("unexpected_percent_nonmissing", percent(counts.unexpected(), counts.present()));
    if (format.tells(Level.SUMMARY)) {
      if (!format.excludeUnexpectedValues()) {
        result.put("partial_unexpected_counts", counted(values, format));
      }
      if (!format.unexpectedIndexColumnNames().isEmpty()) {
        result.put("partial_unexpected_index_list", first(keys, format));
      }
    }
    if (format.tells(Level.COMPLETE)) {
      if (!format.excludeUnexpectedValues()) {
        result.put("unexpected_list", values);
      }
      if (!format.unexpectedIndexColumnNames().isEmpty()) {
        result.put("unexpected_index_list", keys);
      }
    }
    return result;
  }

  static Double percent(long part, long whole) {
    return whole == 0 ? null : 100.0 * part / whole;
  }

  /** A value, a pair of values, or a record of them, as the type of the check has it. */
  private static Object value(Planned planned, List<String> columns, List<Object> row) {
    if (planned.expectation().kwargs().has("column_list")) {
      return named(columns, row);
    }
    return columns.size() == 1 ? row.get(0) : new ArrayList<>(row.subList(0, columns.size()));
  }

  private static List<Map<String, Object>> keys(
      ResultFormat format, List<String> columns, List<List<Object>> samples) {
    List<Map<String, Object>> keys = new ArrayList<>();
    for (List<Object> row : samples) {
      List<Object> index = row.subList(columns.size(), row.size());
      Map<String, Object> key = named(format.unexpectedIndexColumnNames(), index);
      if (!format.excludeUnexpectedValues()) {
        named(columns, row).forEach(key::putIfAbsent);
      }
      keys.add(key);
    }
    return keys;
  }

  private static Map<String, Object> named(List<String> names, List<Object> values) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), values.get(i));
    }
    return named;
  }

  private static <T> List<T> first(List<T> all, ResultFormat format) {
    return all.subList(0, Math.min(all.size(), format.partialUnexpectedCount()));
  }

  private static List<Map<String, Object>> counted(List<Object> values, ResultFormat format) {
    Map<Object, Long> counts = new LinkedHashMap<>();
    values.forEach(value -> counts.merge(value, 1L, Long::sum));
    Comparator<Map.Entry<Object, Long>> order =
        Map.Entry.<Object, Long>comparingByValue()
            .reversed()
            .thenComparing(entry -> String.valueOf(entry.getKey()));
    return counts.entrySet().stream()
        .sorted(order)
        .limit(format.partialUnexpectedCount())
        .map(
            entry -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("value", entry.getKey());
              one.put("count", entry.getValue());
              return one;
            })
        .toList();
  }
}
