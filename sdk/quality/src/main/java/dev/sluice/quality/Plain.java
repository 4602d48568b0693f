package dev.sluice.quality;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.to_json;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VariantType;

/** Values as a result shows them: plain JSON, whatever their type. */
public final class Plain {
  private Plain() {}

  /**
   * Numbers, texts and booleans stay; times become ISO texts, nested values JSON, bytes base 64.
   */
  public static Column shown(Column value, DataType type) {
    if (type instanceof NumericType || type instanceof StringType || type instanceof BooleanType) {
      return value;
    }
    if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      return regexp_replace(value.cast("string"), lit(" "), lit("T"));
    }
    if (type instanceof BinaryType) {
      return base64(value);
    }
    if (type instanceof StructType
        || type instanceof ArrayType
        || type instanceof MapType
        || type instanceof VariantType) {
      return to_json(value);
    }
    return value.cast("string");
  }
}
