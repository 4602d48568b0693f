package dev.sluice.quality;

import java.util.Optional;
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
enum NumberBits {
  BOOLEAN(BooleanType.class) {
    @Override
    long read(InternalRow row, int ordinal) {
      return row.getBoolean(ordinal) ? 1 : 0;
    }

    @Override
    Object value(long bits) {
      return bits == 1;
    }
  },
  BYTE(ByteType.class) {
    @Override
    long read(InternalRow row, int ordinal) {
      return row.getByte(ordinal);
    }

    @Override
    Object value(long bits) {
      return (byte) bits;
    }
  },
  SHORT(ShortType.class) {
    @Override
    long read(InternalRow row, int ordinal) {
      return row.getShort(ordinal);
    }

    @Override
    Object value(long bits) {
      return (short) bits;
    }
  },
  INTEGER(IntegerType.class) {
    @Override
    long read(InternalRow row, int ordinal) {
      return row.getInt(ordinal);
    }

    @Override
    Object value(long bits) {
      return (int) bits;
    }
  },
  LONG(LongType.class) {
    @Override
    long read(InternalRow row, int ordinal) {
      return row.getLong(ordinal);
    }

    @Override
    Object value(long bits) {
      return bits;
    }
  },
  FLOAT(FloatType.class) {
    @Override
    long read(InternalRow row, int ordinal) {
      return Float.floatToIntBits(row.getFloat(ordinal) + 0.0f); // Spark groups both zeros as one
    }

    @Override
    Object value(long bits) {
      return Float.intBitsToFloat((int) bits);
    }
  },
  DOUBLE(DoubleType.class) {
    @Override
    long read(InternalRow row, int ordinal) {
      return Double.doubleToLongBits(row.getDouble(ordinal) + 0.0);
    }

    @Override
    Object value(long bits) {
      return Double.longBitsToDouble(bits);
    }
  };

  private final Class<? extends DataType> type;

  NumberBits(Class<? extends DataType> type) {
    this.type = type;
  }

  /** The bits of the value that stands at the ordinal, which is not null. */
  abstract long read(InternalRow row, int ordinal);

  /** The value, as rows of Spark hold it outside. */
  abstract Object value(long bits);

  static Optional<NumberBits> of(DataType type) {
    for (NumberBits bits : values()) {
      if (bits.type.isInstance(type)) {
        return Optional.of(bits);
      }
    }
    return Optional.empty();
  }
}
