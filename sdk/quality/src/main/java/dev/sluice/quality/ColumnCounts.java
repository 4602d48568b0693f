package dev.sluice.quality;

import dev.sluice.quality.Frequencies.Value;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** How often each value of one column occurs. */
sealed interface ColumnCounts extends Serializable {

  /** Counts the value that stands at the ordinal, which is not null. */
  void add(InternalRow row, int ordinal);

  /** Adds what was counted elsewhere of the same column. */
  void addAll(ColumnCounts others);

  /** How many distinct values there are. */
  int size();

  /** Each value, as rows of Spark hold it outside, in no order. */
  List<Value> values();

  static ColumnCounts of(DataType type) {
    return NumberBits.of(type)
        .<ColumnCounts>map(OfNumbers::new)
        .orElseGet(() -> new OfObjects(type));
  }

  /** Most columns: no object is made for a row. */
  final class OfNumbers implements ColumnCounts {
    private static final long serialVersionUID = 1L;

    private final NumberBits bits;
    private final LongCounts counts = new LongCounts();

    private OfNumbers(NumberBits bits) {
      this.bits = bits;
    }

    @Override
    public void add(InternalRow row, int ordinal) {
      counts.add(bits.read(row, ordinal), 1);
    }

    @Override
    public void addAll(ColumnCounts others) {
      ((OfNumbers) others).counts.forEach(counts::add);
    }

    @Override
    public int size() {
      return counts.size();
    }

    @Override
    public List<Value> values() {
      List<Value> values = new ArrayList<>(size());
      counts.forEach((value, count) -> values.add(new Value(bits.value(value), count)));
      return values;
    }
  }

  /** Texts and decimals. */
  final class OfObjects implements ColumnCounts {
    private static final long serialVersionUID = 1L;

    private final DataType type;
    private final Map<Object, long[]> counts = new HashMap<>();

    private OfObjects(DataType type) {
      this.type = type;
    }

    @Override
    public void add(InternalRow row, int ordinal) {
      Object value = row.get(ordinal, type);
      long[] count = counts.get(value);
      if (count != null) {
        count[0]++;
      } else {
        counts.put(value instanceof UTF8String text ? text.clone() : value, new long[] {1});
      }
    }

    @Override
    public void addAll(ColumnCounts others) {
      ((OfObjects) others)
          .counts.forEach(
              (value, count) ->
                  counts.computeIfAbsent(value, absent -> new long[1])[0] += count[0]);
    }

    @Override
    public int size() {
      return counts.size();
    }

    @Override
    public List<Value> values() {
      return counts.entrySet().stream()
          .map(each -> new Value(plain(each.getKey()), each.getValue()[0]))
          .toList();
    }

    private static Object plain(Object value) {
      if (value instanceof UTF8String text) {
        return text.toString();
      }
      return value instanceof Decimal number ? number.toJavaBigDecimal() : value;
    }
  }
}
