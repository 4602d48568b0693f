package dev.sluice.quality;

import dev.sluice.quality.Frequencies.Value;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * How often each value of some columns occurs, counted while rows are written; given up for a
 * column with more values than are worth sending around, which is grouped afterwards instead.
 */
public final class ValueCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final class Count implements Serializable {
    private static final long serialVersionUID = 1L;
    private long value = 1;
  }

  private final List<String> columns;
  private final int[] ordinals;
  private final DataType[] types;

  /** By column; null for one that was given up. */
  private final List<Map<Object, Count>> counts = new ArrayList<>();

  /**
   * Of columns that {@link #counts(DataType)}.
   *
   * @param schema the leading columns of the rows
   */
  ValueCounts(List<String> columns, StructType schema) {
    this.columns = List.copyOf(columns);
    this.ordinals = columns.stream().mapToInt(schema::fieldIndex).toArray();
    this.types = columns.stream().map(c -> schema.apply(c).dataType()).toArray(DataType[]::new);
    columns.forEach(column -> counts.add(new HashMap<>()));
  }

  /** Whether values of this type are the same when their bytes are, and are shown as they are. */
  static boolean counts(DataType type) {
    return type instanceof NumericType
        || type instanceof BooleanType
        || (type instanceof StringType text && text.supportsBinaryEquality());
  }

  void add(InternalRow row) {
    for (int i = 0; i < ordinals.length; i++) {
      Map<Object, Count> known = counts.get(i);
      if (known == null || row.isNullAt(ordinals[i])) {
        continue;
      }
      Object value = normal(row.get(ordinals[i], types[i]));
      Count count = known.get(value);
      if (count != null) {
        count.value++;
      } else if (known.size() == Frequencies.MOST) {
        counts.set(i, null);
      } else {
        known.put(value instanceof UTF8String text ? text.clone() : value, new Count());
      }
    }
  }

  /** Spark groups both zeros as one. */
  private static Object normal(Object value) {
    if (value instanceof Double number && number == 0) {
      return 0.0;
    }
    return value instanceof Float number && number == 0 ? (Object) 0.0f : value;
  }

  void merge(ValueCounts other) {
    for (int i = 0; i < ordinals.length; i++) {
      Map<Object, Count> mine = counts.get(i);
      Map<Object, Count> theirs = other.counts.get(i);
      if (mine == null || theirs == null) {
        counts.set(i, null);
        continue;
      }
      theirs.forEach(
          (value, count) ->
              mine.merge(
                  value,
                  count,
                  (left, right) -> {
                    left.value += right.value;
                    return left;
                  }));
      if (mine.size() > Frequencies.MOST) {
        counts.set(i, null);
      }
    }
  }

  /** The frequencies of each column that was not given up. */
  Map<String, Frequencies> known() {
    Map<String, Frequencies> known = new HashMap<>();
    for (int i = 0; i < ordinals.length; i++) {
      String column = columns.get(i);
      frequencies(i).ifPresent(found -> known.put(column, found));
    }
    return known;
  }

  private Optional<Frequencies> frequencies(int column) {
    if (counts.get(column) == null) {
      return Optional.empty();
    }
    List<Value> values = new ArrayList<>();
    counts.get(column).forEach((value, count) -> values.add(new Value(plain(value), count.value)));
    values.sort(
        Comparator.comparingLong(Value::count).reversed().thenComparing(Frequencies::byValue));
    long present = values.stream().mapToLong(Value::count).sum();
    return Optional.of(new Frequencies(values.size(), present, List.copyOf(values)));
  }

  /** A value as rows of Spark hold it outside. */
  private static Object plain(Object value) {
    if (value instanceof UTF8String text) {
      return text.toString();
    }
    return value instanceof Decimal number ? number.toJavaBigDecimal() : value;
  }
}
