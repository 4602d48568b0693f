package dev.sluice.quality;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.sluice.quality.Check.AggregateCheck;
import dev.sluice.quality.Check.FollowUpCheck;
import dev.sluice.quality.Check.FrequencyCheck;
import dev.sluice.quality.MapResult.Counts;
import dev.sluice.quality.ResultFormat.Level;
import dev.sluice.quality.SuitePlan.Planned;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The aggregates of all checks in one pass, each distinct one once. */
final class Totals {

  /**
   * What became of one check's aggregates.
   *
   * @param values their values in order
   * @param counts the rows asked about and those without a value, where {@link #countsRows}
   * @param error why there are none
   */
  record Total(List<Object> values, Optional<Counts> counts, Optional<String> error) {
    private Total(List<Object> values) {
      this(values, Optional.empty(), Optional.empty());
    }

    /** The last two values are counts of rows and of values. */
    private Total withCounts() {
      int own = values.size() - 2;
      long elements = (Long) values.get(own);
      Counts counted = new Counts(elements, elements - (Long) values.get(own + 1), 0);
      return new Total(values.subList(0, own), Optional.of(counted), Optional.empty());
    }
  }

  private Totals() {}

  /**
   * The values of all checks that ask for aggregates.
   *
   * @param known the values of columns that some of them follow from
   */
  static Map<Planned, Total> of(
      List<Planned> planned, Dataset<Row> rows, Map<String, Frequencies> known) {
    Map<Planned, List<Column>> asking = new HashMap<>();
    Map<Planned, Total> followed = new HashMap<>();
    for (Planned p : planned) {
      Optional<Frequencies> values = p.valuesOf().map(known::get);
      if (values.isPresent() && p.check() instanceof AggregateCheck check) {
        followed.put(p, new Total(check.ofValues().orElseThrow().aggregates().apply(values.get())));
        continue;
      }
      List<Column> aggregates = new ArrayList<>();
      if (p.check() instanceof AggregateCheck check) {
        aggregates.addAll(check.aggregates());
      } else if (p.check() instanceof FollowUpCheck check) {
        aggregates.addAll(check.aggregates());
      }
      if (countsRows(p)) {
        aggregates.add(count(p.scope().observed(lit(1))));
        aggregates.add(count(p.scope().observed(p.scope().column(column(p)))));
      }
      if (!aggregates.isEmpty()) {
        asking.put(p, aggregates);
      }
    }
    Map<Planned, Total> totals = evaluate(asking, rows);
    totals.replaceAll(
        (p, total) -> countsRows(p) && total.error().isEmpty() ? total.withCounts() : total);
    totals.putAll(followed);
    return totals;
  }

  /** Whether a result is to tell how many rows there were beside the one value it is about. */
  static boolean countsRows(Planned p) {
    boolean total = p.check() instanceof AggregateCheck || p.check() instanceof FrequencyCheck;
    return total
        && p.expectation().resultFormat().tells(Level.COMPLETE)
        && p.expectation().kwargs().hasNonNull("column");
  }

  private static String column(Planned p) {
    return p.expectation().kwargs().get("column").asText();
  }

  /**
   * Evaluates lists of aggregates at once; if that fails, each alone, so that one harms no other.
   */
  static <K> Map<K, Total> evaluate(Map<K, List<Column>> asking, Dataset<Row> rows) {
    Map<K, Total> totals = new HashMap<>();
    if (asking.isEmpty()) {
      return totals;
    }
    try {
      return together(asking, rows);
    } catch (RuntimeException fused) {
      asking.forEach(
          (key, aggregates) -> {
            try {
              totals.putAll(together(Map.of(key, aggregates), rows));
            } catch (RuntimeException alone) {
              totals.put(
                  key,
                  new Total(List.of(), Optional.empty(), Optional.of(SparkErrors.reason(alone))));
            }
          });
      return totals;
    }
  }

  private static <K> Map<K, Total> together(Map<K, List<Column>> asking, Dataset<Row> rows) {
    List<Column> distinct = new ArrayList<>();
    Map<Object, Integer> places = new HashMap<>();
    for (List<Column> aggregates : asking.values()) {
      for (Column aggregate : aggregates) {
        places.computeIfAbsent(
            aggregate.node().normalized(),
            absent -> {
              distinct.add(aggregate.as("a" + distinct.size()));
              return distinct.size() - 1;
            });
      }
    }
    Column[] others = distinct.subList(1, distinct.size()).toArray(Column[]::new);
    Row row = rows.agg(distinct.get(0), others).first();
    Map<K, Total> totals = new HashMap<>();
    asking.forEach(
        (key, aggregates) -> {
          List<Object> values = new ArrayList<>();
          for (Column aggregate : aggregates) {
            values.add(row.get(places.get(aggregate.node().normalized())));
          }
          totals.put(key, new Total(values));
        });
    return totals;
  }
}
