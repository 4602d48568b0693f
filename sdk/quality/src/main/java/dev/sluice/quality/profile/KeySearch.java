package dev.sluice.quality.profile;

import dev.sluice.quality.profile.ColumnProfile.Counting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** Finds the columns that may identify a row, and counts whether they do. */
final class KeySearch {
  /** With fewer rows nearly every column looks like a key. */
  static final int LEAST_ROWS = 20;

  /** Each column more makes the exact count read the rows once more. */
  private static final int MOST = 6;

  /** An estimate that finds less than this share of the values distinct is not that far off. */
  private static final double NEARLY_ALL = 0.9;

  private final List<ColumnProfile> columns;
  private final List<ColumnProfile> known;
  private final List<ColumnProfile> asked;
  private final List<ColumnProfile> left;
  private final List<String> declared;

  private KeySearch(
      List<ColumnProfile> columns,
      List<ColumnProfile> known,
      List<ColumnProfile> likely,
      List<String> declared) {
    this.columns = columns;
    this.known = known;
    this.asked = likely.subList(0, Math.min(MOST, likely.size()));
    this.left = likely.subList(asked.size(), likely.size());
    this.declared = declared;
  }

  static KeySearch among(List<ColumnProfile> columns, List<String> declared) {
    List<ColumnProfile> able = columns.stream().filter(KeySearch::able).toList();
    return new KeySearch(
        columns,
        able.stream().filter(KeySearch::exact).filter(c -> c.distinct() == c.present()).toList(),
        able.stream().filter(c -> !exact(c) && nearlyAll(c)).toList(),
        declared.size() > 1 ? declared : List.of());
  }

  private static boolean able(ColumnProfile column) {
    // Measures and times differ in every row by chance, which makes them no key.
    boolean identifies = column.kind() == Kind.WHOLE || column.kind() == Kind.TEXT;
    return identifies && column.present() >= LEAST_ROWS;
  }

  private static boolean exact(ColumnProfile column) {
    return column.counting() == Counting.EXACT;
  }

  private static boolean nearlyAll(ColumnProfile column) {
    return column.distinct() >= NEARLY_ALL * column.present();
  }

  /** Columns that were not counted, as they were too many. */
  List<String> uncounted() {
    return left.stream().map(ColumnProfile::name).toList();
  }

  /**
   * The keys: single columns in the order of the table, then the declared combination.
   *
   * @param numbered the rows, with columns named by their position
   */
  List<List<String>> confirmed(Dataset<Row> numbered, long rows) {
    List<Column> counts = new ArrayList<>();
    asked.forEach(column -> counts.add(functions.count_distinct(at(column.name()))));
    combination().ifPresent(key -> counts.add(functions.count_distinct(key)));
    List<String> unique = new ArrayList<>(known.stream().map(ColumnProfile::name).toList());
    boolean combined = false;
    if (!counts.isEmpty()) {
      Column[] others = counts.subList(1, counts.size()).toArray(Column[]::new);
      Row counted = numbered.agg(counts.get(0), others).first();
      for (int i = 0; i < asked.size(); i++) {
        if (counted.getLong(i) == asked.get(i).present()) {
          unique.add(asked.get(i).name());
        }
      }
      combined = combination().isPresent() && counted.getLong(asked.size()) == rows;
    }
    List<List<String>> keys = new ArrayList<>();
    columns.stream()
        .map(ColumnProfile::name)
        .filter(unique::contains)
        .forEach(n -> keys.add(List.of(n)));
    if (combined) {
      keys.add(declared);
    }
    return keys;
  }

  /** The declared key as one value; as a struct it counts rows of which a part is null. */
  private Optional<Column> combination() {
    return declared.isEmpty()
        ? Optional.empty()
        : Optional.of(functions.struct(declared.stream().map(this::at).toArray(Column[]::new)));
  }

  private Column at(String name) {
    return functions.col(Profiler.name(Profiler.positions(columns, List.of(name)).get(0)));
  }
}
