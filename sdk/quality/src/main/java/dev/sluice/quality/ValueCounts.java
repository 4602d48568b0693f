package dev.sluice.quality;

import dev.sluice.quality.Frequencies.Value;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * How often each value of some columns occurs, counted while rows are written; given up for a
 * column with more values than are worth sending around, which is grouped afterwards instead.
 */
public final class ValueCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<String> columns;
  private final int[] ordinals;

  /** By column; null for one that was given up. */
  private final List<ColumnCounts> counts = new ArrayList<>();

  /**
   * Of columns that {@link #counts(DataType)}.
   *
   * @param schema the leading columns of the rows
   */
  ValueCounts(List<String> columns, StructType schema) {
    this.columns = List.copyOf(columns);
    this.ordinals = columns.stream().mapToInt(schema::fieldIndex).toArray();
    columns.forEach(column -> counts.add(ColumnCounts.of(schema.apply(column).dataType())));
  }

  /** Whether values of this type are the same when their bytes are, and are shown as they are. */
  static boolean counts(DataType type) {
    return type instanceof NumericType
        || type instanceof BooleanType
        || (type instanceof StringType text && text.supportsBinaryEquality());
  }

  void add(InternalRow row) {
    for (int i = 0; i < ordinals.length; i++) {
      ColumnCounts known = counts.get(i);
      if (known != null && !row.isNullAt(ordinals[i])) {
        known.add(row, ordinals[i]);
        giveUpIfTooMany(i);
      }
    }
  }

  void merge(ValueCounts other) {
    for (int i = 0; i < ordinals.length; i++) {
      if (counts.get(i) != null && other.counts.get(i) != null) {
        counts.get(i).addAll(other.counts.get(i));
        giveUpIfTooMany(i);
      } else {
        counts.set(i, null);
      }
    }
  }

  private void giveUpIfTooMany(int column) {
    if (counts.get(column).size() > Frequencies.MOST) {
      counts.set(column, null);
    }
  }

  /** The frequencies of each column that was not given up. */
  Map<String, Frequencies> known() {
    Map<String, Frequencies> known = new HashMap<>();
    for (int i = 0; i < ordinals.length; i++) {
      if (counts.get(i) != null) {
        known.put(columns.get(i), frequencies(counts.get(i)));
      }
    }
    return known;
  }

  private static Frequencies frequencies(ColumnCounts counts) {
    List<Value> values =
        counts.values().stream()
            .sorted(
                Comparator.comparingLong(Value::count)
                    .reversed()
                    .thenComparing(Frequencies::byValue))
            .toList();
    long present = values.stream().mapToLong(Value::count).sum();
    return new Frequencies(values.size(), present, values);
  }
}
