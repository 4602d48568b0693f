package dev.sluice.quality;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;

/** How the values of a type go into 64 bits and come out again; the same values, the same bits. */
@SuppressWarnings("ImmutableEnumChecker") // its functions hold no state
enum NumberBits {
  BOOLEAN(BooleanType.class, (row, at) -> row.getBoolean(at) ? 1 : 0, bits -> bits == 1),
  BYTE(ByteType.class, InternalRow::getByte, bits -> (byte) bits),
  SHORT(ShortType.class, InternalRow::getShort, bits -> (short) bits),
  INTEGER(IntegerType.class, InternalRow::getInt, bits -> (int) bits),
  LONG(LongType.class, InternalRow::getLong, bits -> bits),
  // Spark groups both zeros as one: minus zero plus zero is zero.
  FLOAT(
      FloatType.class,
      (row, at) -> Float.floatToIntBits(row.getFloat(at) + 0.0f),
      bits -> Float.intBitsToFloat((int) bits)),
  DOUBLE(
      DoubleType.class,
      (row, at) -> Double.doubleToLongBits(row.getDouble(at) + 0.0),
      Double::longBitsToDouble);

  private interface Reader {
    long read(InternalRow row, int ordinal);
  }

  private final Class<? extends DataType> type;
  private final Reader reader;
  private final LongFunction<Object> maker;

  NumberBits(Class<? extends DataType> type, Reader reader, LongFunction<Object> maker) {
    this.type = type;
    this.reader = reader;
    this.maker = maker;
  }

  /** The bits of the value that stands at the ordinal, which is not null. */
  long read(InternalRow row, int ordinal) {
    return reader.read(row, ordinal);
  }

  /** The value, as rows of Spark hold it outside. */
  Object value(long bits) {
    return maker.apply(bits);
  }

  static Optional<NumberBits> of(DataType type) {
    return Arrays.stream(values()).filter(bits -> bits.type.isInstance(type)).findFirst();
  }
}
