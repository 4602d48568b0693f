package dev.sluice.quality.type;

import dev.sluice.quality.Check;
import dev.sluice.quality.Check.FrequencyCheck;
import dev.sluice.quality.Check.Outcome;
import dev.sluice.quality.Frequencies;
import dev.sluice.quality.Frequencies.Value;
import dev.sluice.quality.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.DataType;

/** Which of a column's distinct values are in a set, and which of the set's are in the column. */
enum DistinctSets {
  /** No distinct value is outside the set. */
  IN(true, false),
  /** No value of the set is missing. */
  CONTAIN(false, true),
  /** Both. */
  EQUAL(true, true);

  /** A longer list of all values is left out of a result, as new Great Expectations do. */
  private static final int MOST_OBSERVED = 1000;

  private static final int MOST_LISTED = 20;

  private final boolean unexpectedCounts;
  private final boolean missingCounts;

  DistinctSets(boolean unexpectedCounts, boolean missingCounts) {
    this.unexpectedCounts = unexpectedCounts;
    this.missingCounts = missingCounts;
  }

  Check check(DistinctSet kwargs, Scope scope) {
    DataType type = scope.typeOf(kwargs.column());
    Optional<SetValues> set = kwargs.valueSet().map(values -> SetValues.of(values, type));
    Set<String> wanted = set.map(values -> values.byText().keySet()).orElse(Set.of());
    return new FrequencyCheck(kwargs.column(), wanted, found -> outcome(found, set));
  }

  private Outcome outcome(Frequencies found, Optional<SetValues> set) {
    Map<String, Object> wanted = set.map(SetValues::byText).orElse(Map.of());
    List<Object> unexpected = new ArrayList<>();
    Map<String, Object> missing = new LinkedHashMap<>(wanted);
    for (Value value : byValue(found)) {
      String text = SetValues.text(value.value());
      missing.remove(text);
      if (set.isPresent() && !wanted.containsKey(text)) {
        unexpected.add(value.value());
      }
    }
    // Values beyond those that were kept are none that were wanted.
    long unexpectedCount = set.isEmpty() ? 0 : found.distinct() - (wanted.size() - missing.size());
    boolean success =
        (!unexpectedCounts || unexpectedCount == 0) && (!missingCounts || missing.isEmpty());
    Map<String, Object> result = observed(found);
    if (unexpectedCounts) {
      result.put("unexpected_count", unexpectedCount);
      result.put("partial_unexpected_list", first(unexpected));
    }
    if (missingCounts) {
      result.put("missing_count", missing.size());
      result.put("partial_missing_list", first(List.copyOf(missing.values())));
    }
    return new Outcome(success, result);
  }

  private static Map<String, Object> observed(Frequencies found) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("observed_value", null);
    if (found.complete() && found.distinct() <= MOST_OBSERVED) {
      List<Value> values = byValue(found);
      result.put("observed_value", values.stream().map(Value::value).toList());
      List<Map<String, Object>> counts =
          values.stream()
              .map(one -> Fields.of("value", one.value(), "count", one.count()))
              .toList();
      result.put("details", Map.of("value_counts", counts));
    }
    return result;
  }

  @SuppressWarnings("unchecked") // the values of one column are of one type
  private static List<Value> byValue(Frequencies found) {
    List<Value> values = new ArrayList<>(found.values());
    values.sort(Comparator.comparing(one -> (Comparable<Object>) one.value()));
    return values;
  }

  private static List<Object> first(List<Object> values) {
    return values.subList(0, Math.min(values.size(), MOST_LISTED));
  }
}
