package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Columns and values of kwargs, checked against the schema before anything runs. */
public final class Columns {
  private static final List<String> TIMES = List.of("date", "timestamp", "timestamp_ntz");

  private Columns() {}

  /**
   * The column with this name: a whole column, whatever its name is made of, or a field of one, as
   * in {@code a.b} and {@code a[0].b}.
   *
   * @throws IllegalArgumentException where there is none, naming the nearest
   */
  public static Column of(String name, StructType schema) {
    return ColumnPath.find(name, schema).column();
  }

  /** The type of the column with this name; same errors as {@link #of}. */
  public static DataType typeOf(String name, StructType schema) {
    return ColumnPath.find(name, schema).type();
  }

  /** The column with this name, which must hold text. */
  public static Column text(String name, StructType schema) {
    if (!(typeOf(name, schema) instanceof StringType)) {
      throw new IllegalArgumentException(
          "column '" + name + "' is " + typeOf(name, schema).simpleString() + ", not string");
    }
    return of(name, schema);
  }

  /** The column with this name, which must hold numbers. */
  public static Column number(String name, StructType schema) {
    if (!(typeOf(name, schema) instanceof NumericType)) {
      throw new IllegalArgumentException(
          "column '" + name + "' is " + typeOf(name, schema).simpleString() + ", not a number");
    }
    return of(name, schema);
  }

  /** Whether values of this type are dates or times. */
  public static boolean isTime(DataType type) {
    return TIMES.contains(type.simpleString());
  }

  /**
   * A value of the suite as a literal that compares with a column of this type.
   *
   * @throws IllegalArgumentException where the two do not compare
   */
  public static Column literal(JsonNode value, DataType type) {
    if (type instanceof NumericType && value.isNumber()) {
      return number(value, type);
    }
    if (type instanceof StringType && value.isTextual()) {
      return functions.lit(value.asText());
    }
    if (type.equals(DataTypes.BooleanType) && value.isBoolean()) {
      return functions.lit(value.asBoolean());
    }
    if (isTime(type) && value.isTextual()) {
      if (!time(value.asText(), type)) {
        throw new IllegalArgumentException("value " + value + " is not a " + type.simpleString());
      }
      return functions.lit(value.asText()).cast(type);
    }
    throw new IllegalArgumentException(
        "value " + value + " does not compare with a column of type " + type.simpleString());
  }

  /** Exact where the column is, of whose values a double would lose digits. */
  private static Column number(JsonNode value, DataType type) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return functions.lit(value.asLong());
    }
    boolean exact = type instanceof DecimalType || type instanceof LongType;
    BigDecimal decimal = exact ? value.decimalValue() : BigDecimal.ZERO;
    boolean fits = decimal.precision() <= DecimalType.MAX_PRECISION() && decimal.scale() >= 0;
    return exact && fits && decimal.scale() <= DecimalType.MAX_SCALE()
        ? functions.lit(decimal)
        : functions.lit(value.asDouble());
  }

  /**
   * Checks that values of two columns can be put in order.
   *
   * @throws IllegalArgumentException where they cannot
   */
  public static void comparable(String left, String right, StructType schema) {
    DataType a = typeOf(left, schema);
    DataType b = typeOf(right, schema);
    boolean numbers = a instanceof NumericType && b instanceof NumericType;
    boolean times = isTime(a) && isTime(b);
    if (!numbers && !times && !a.equals(b)) {
      throw new IllegalArgumentException(
          String.format(
              "column '%s' is %s and column '%s' is %s, which do not compare",
              left, a.simpleString(), right, b.simpleString()));
    }
  }

  /** Whether Spark reads this text as a time; asked here, before a run would fail over it. */
  private static boolean time(String text, DataType type) {
    UTF8String utf8 = UTF8String.fromString(text);
    return switch (type.simpleString()) {
      case "date" -> DateTimeUtils.stringToDate(utf8).isDefined();
      case "timestamp" -> DateTimeUtils.stringToTimestamp(utf8, ZoneOffset.UTC).isDefined();
      default -> DateTimeUtils.stringToTimestampWithoutTimeZone(utf8).isDefined();
    };
  }
}
