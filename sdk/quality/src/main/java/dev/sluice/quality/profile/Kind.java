package dev.sluice.quality.profile;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_date;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;

/** What sort of values a column holds, as far as a profile looks into them. */
public enum Kind {
  /** Whole numbers. */
  WHOLE,
  /** Decimal numbers. */
  DECIMAL,
  /** Floating-point numbers. */
  FLOATING,
  /** Text. */
  TEXT,
  /** True or false. */
  TRUTH,
  /** Dates. */
  DATE,
  /** Points in time. */
  TIME,
  /** Times of a clock, without a zone. */
  LOCAL_TIME,
  /** Arrays, maps, structs, bytes and whatever else has no order that a suite could use. */
  OTHER;

  /** The kind of a Spark type. */
  public static Kind of(DataType type) {
    if (type instanceof StringType) {
      return TEXT;
    }
    if (type instanceof DecimalType) {
      return DECIMAL;
    }
    return switch (type.simpleString()) {
      case "tinyint", "smallint", "int", "bigint" -> WHOLE;
      case "float", "double" -> FLOATING;
      case "boolean" -> TRUTH;
      case "date" -> DATE;
      case "timestamp" -> TIME;
      case "timestamp_ntz" -> LOCAL_TIME;
      default -> OTHER;
    };
  }

  /**
   * A column in the form in which it is looked at: days and microseconds since 1970 for dates and
   * times, so that no calendar of the session comes between; only whether there is a value for
   * {@link #OTHER}.
   */
  Column seen(Column column) {
    return switch (this) {
      case WHOLE -> column.cast("bigint");
      case FLOATING -> column.cast("double");
      case DATE -> unix_date(column).cast("bigint");
      case TIME -> unix_micros(column);
      case DECIMAL, TEXT, TRUTH, LOCAL_TIME -> column;
      case OTHER -> when(column.isNotNull(), lit(true));
    };
  }
}
