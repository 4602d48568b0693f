package dev.sluice.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.grouping_id;
import static org.apache.spark.sql.functions.lit;

import dev.sluice.quality.Check.FrequencyCheck;
import dev.sluice.quality.Frequencies.Value;
import dev.sluice.quality.SuitePlan.Planned;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** The distinct values of columns and their counts: several columns in one pass. */
final class Groups {
  /** Spark copies each row once for each column of a pass, so a pass takes no more than these. */
  private static final int COLUMNS_A_PASS = 8;

  /** What became of one check's column: its frequencies, or why there are none. */
  record Group(Optional<Frequencies> frequencies, Optional<String> error) {}

  private Groups() {}

  /**
   * The frequencies of all checks that ask for them.
   *
   * @param known those that nobody need ask for, by column
   */
  static Map<Planned, Group> of(
      List<Planned> planned, Dataset<Row> rows, Map<String, Frequencies> known) {
    Map<Planned, Group> groups = new HashMap<>();
    Map<Object, List<Planned>> byColumn = new LinkedHashMap<>();
    for (Planned p : planned) {
      if (p.valuesOf().map(known::get).isPresent()) {
        Frequencies found = known.get(p.valuesOf().get());
        groups.put(p, new Group(Optional.of(found), Optional.empty()));
      } else if (p.check() instanceof FrequencyCheck check) {
        byColumn
            .computeIfAbsent(column(p, check).node().normalized(), absent -> new ArrayList<>())
            .add(p);
      }
    }
    List<List<Planned>> sets = new ArrayList<>(byColumn.values());
    for (int from = 0; from < sets.size(); from += COLUMNS_A_PASS) {
      groups.putAll(pass(sets.subList(from, Math.min(sets.size(), from + COLUMNS_A_PASS)), rows));
    }
    return groups;
  }

  private static Column column(Planned p, FrequencyCheck check) {
    Column value = p.scope().column(check.column());
    return p.scope().observed(Plain.shown(value, p.scope().typeOf(check.column())));
  }

  /** All at once; if that fails, each alone, so that one harms no other. */
  private static Map<Planned, Group> pass(List<List<Planned>> sets, Dataset<Row> rows) {
    Map<Planned, Group> groups = new HashMap<>();
    try {
      List<Frequencies> found = frequencies(sets, rows);
      for (int i = 0; i < sets.size(); i++) {
        Group group = new Group(Optional.of(found.get(i)), Optional.empty());
        sets.get(i).forEach(p -> groups.put(p, group));
      }
    } catch (RuntimeException e) {
      if (sets.size() == 1) {
        Group group = new Group(Optional.empty(), Optional.of(SparkErrors.reason(e)));
        sets.get(0).forEach(p -> groups.put(p, group));
      } else {
        sets.forEach(set -> groups.putAll(pass(List.of(set), rows)));
      }
    }
    return groups;
  }

  private static List<Frequencies> frequencies(List<List<Planned>> sets, Dataset<Row> rows) {
    List<Column> named = new ArrayList<>();
    List<Set<String>> wanted = new ArrayList<>();
    for (List<Planned> set : sets) {
      FrequencyCheck first = (FrequencyCheck) set.get(0).check();
      named.add(column(set.get(0), first).as("v" + named.size()));
      Set<String> all = new HashSet<>();
      set.forEach(p -> all.addAll(((FrequencyCheck) p.check()).wanted()));
      wanted.add(all);
    }
    Column[] columns = new Column[sets.size()];
    List<scala.collection.immutable.Seq<Column>> single = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      columns[i] = col("v" + i);
      single.add(CollectionConverters.asScala(List.of(columns[i])).toList());
    }
    Dataset<Row> groups =
        rows.select(named.toArray(Column[]::new))
            .groupingSets(CollectionConverters.asScala(single).toList(), columns)
            .agg(grouping_id().as("id"), count(lit(1)).as("n"));
    List<Partial> partials = Partitions.each(groups, new Keep(wanted));
    List<Frequencies> found = new ArrayList<>();
    for (int i = 0; i < sets.size(); i++) {
      found.add(merged(partials, i));
    }
    return found;
  }

  private static Frequencies merged(List<Partial> partials, int set) {
    long distinct = 0;
    long present = 0;
    List<Value> values = new ArrayList<>();
    for (Partial partial : partials) {
      distinct += partial.distinct[set];
      present += partial.present[set];
      partial.kept.get(set).forEach(one -> values.add(new Value(one.value(), one.count())));
      partial.wanted.get(set).forEach(one -> values.add(new Value(one.value(), one.count())));
    }
    values.sort(
        Comparator.comparingLong(Value::count).reversed().thenComparing(Frequencies::byValue));
    return new Frequencies(distinct, present, List.copyOf(values));
  }

  private record Counted(Object value, long count) implements Serializable {}

  /** What one partition of the groups holds of each set. */
  private static final class Partial implements Serializable {
    private static final long serialVersionUID = 1L;
    private final long[] distinct;
    private final long[] present;
    private final List<ArrayList<Counted>> wanted = new ArrayList<>();
    private final List<PriorityQueue<Counted>> kept = new ArrayList<>();

    private Partial(int sets) {
      distinct = new long[sets];
      present = new long[sets];
      for (int i = 0; i < sets; i++) {
        wanted.add(new ArrayList<>());
        kept.add(new PriorityQueue<>(ByCount.INSTANCE));
      }
    }
  }

  private enum ByCount implements Comparator<Counted> {
    INSTANCE;

    @Override
    public int compare(Counted left, Counted right) {
      return Long.compare(left.count(), right.count());
    }
  }

  /** Keeps the commonest values of each set and those that are wanted; counts the rest. */
  private record Keep(List<Set<String>> wanted) implements Partitions.Look<Partial> {
    @Override
    public Partial apply(Iterator<Row> groups) {
      int sets = wanted.size();
      Partial partial = new Partial(sets);
      while (groups.hasNext()) {
        Row row = groups.next();
        // The bits of the grouping id are set for the columns that a set leaves out.
        long grouped = ~row.getLong(sets) & ((1L << sets) - 1);
        int set = sets - 1 - Long.numberOfTrailingZeros(grouped);
        if (!row.isNullAt(set)) {
          add(partial, set, new Counted(row.get(set), row.getLong(sets + 1)));
        }
      }
      return partial;
    }

    private void add(Partial partial, int set, Counted value) {
      partial.distinct[set]++;
      partial.present[set] += value.count();
      if (wanted.get(set).contains(String.valueOf(value.value()))) {
        partial.wanted.get(set).add(value);
        return;
      }
      PriorityQueue<Counted> kept = partial.kept.get(set);
      kept.add(value);
      if (kept.size() > Frequencies.MOST) {
        kept.poll();
      }
    }
  }
}
