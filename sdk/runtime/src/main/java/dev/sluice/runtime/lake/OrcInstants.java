package dev.sluice.runtime.lake;

import dev.sluice.model.Capability;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.time.LocalDate;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Finds dates and timestamps that would come back from an ORC file as others.
 *
 * <p>Its writer keeps the calendar of its time: the days that were left out when the Gregorian one
 * began become later ones. And it moves what lies within the last second before 1970 into 1970.
 */
final class OrcInstants {
  private static final long DAY = 86_400_000_000L;
  private static final long LEFT_OUT = LocalDate.of(1582, 10, 5).toEpochDay();
  private static final long GREGORIAN = LocalDate.of(1582, 10, 15).toEpochDay();
  private static final long LAST_SECOND = -999_000;

  private final StructType schema;
  private final int[] columns;

  OrcInstants(StructType schema) {
    this.schema = schema;
    this.columns =
        IntStream.range(0, schema.length())
            .filter(i -> holdsInstants(schema.apply(i).dataType()))
            .toArray();
  }

  private static boolean holdsInstants(DataType type) {
    return type.sql().matches(".*\\b(DATE|TIMESTAMP)\\b.*");
  }

  /** Refuses a row that holds one. */
  void require(InternalRow row, String place) {
    for (int column : columns) {
      if (changes(schema.apply(column).dataType(), row, column)) {
        throw new SluiceException(
            ErrorKind.DATA,
            String.format(
                "Cannot write to %s: column '%s' holds what an ORC file would change, a day of"
                    + " 1582-10-05 to 14 or a part of the last second of 1969. Correct the row, or"
                    + " use another format: %s",
                place,
                schema.apply(column).name(),
                String.join(", ", Capability.EVERY_INSTANT.formats())));
      }
    }
  }

  private static boolean changes(DataType type, SpecializedGetters row, int at) {
    if (row.isNullAt(at)) {
      return false;
    }
    if (type instanceof DateType) {
      return isLeftOut(row.getInt(at));
    }
    if (type instanceof TimestampType) {
      long micros = row.getLong(at);
      return (micros >= LAST_SECOND && micros < 0) || isLeftOut(Math.floorDiv(micros, DAY));
    }
    if (type instanceof StructType struct) {
      InternalRow fields = row.getStruct(at, struct.length());
      return IntStream.range(0, struct.length())
          .anyMatch(i -> changes(struct.apply(i).dataType(), fields, i));
    }
    if (type instanceof ArrayType array) {
      return changes(array.elementType(), row.getArray(at));
    }
    return type instanceof MapType map
        && (changes(map.keyType(), row.getMap(at).keyArray())
            || changes(map.valueType(), row.getMap(at).valueArray()));
  }

  private static boolean changes(DataType type, ArrayData elements) {
    return IntStream.range(0, elements.numElements()).anyMatch(i -> changes(type, elements, i));
  }

  private static boolean isLeftOut(long day) {
    return day >= LEFT_OUT && day < GREGORIAN;
  }
}
