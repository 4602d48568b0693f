package dev.sluice.quality.profile;

import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** What is known of all columns so far. */
final class RowSketch implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final LocalDateTime EPOCH = LocalDateTime.ofEpochSecond(0, 0, ZoneOffset.UTC);

  private final ColumnSketch[] columns;
  private long rows;

  RowSketch(int width) {
    columns = Stream.generate(ColumnSketch::new).limit(width).toArray(ColumnSketch[]::new);
  }

  RowSketch add(Row row) {
    rows++;
    for (int i = 0; i < columns.length; i++) {
      columns[i].add(comparable(row.get(i)));
    }
    return this;
  }

  RowSketch merge(RowSketch other) {
    rows += other.rows;
    for (int i = 0; i < columns.length; i++) {
      columns[i].merge(other.columns[i]);
    }
    return this;
  }

  long rows() {
    return rows;
  }

  List<ColumnProfile> profiles(StructType schema) {
    return IntStream.range(0, columns.length)
        .mapToObj(i -> columns[i].profile(schema.apply(i)))
        .toList();
  }

  /** Values that are equal in SQL must be equal here. */
  private static Object comparable(Object value) {
    if (value instanceof Double number) {
      return number + 0.0; // there is a second zero, which is equal to the first
    }
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros();
    }
    if (value instanceof LocalDateTime time) {
      return ChronoUnit.MICROS.between(EPOCH, time);
    }
    return value;
  }
}
