package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.quality.Columns;
import dev.sluice.quality.Plain;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * The values of a set, as {@link Frequencies} show those of a column.
 *
 * @param byText the values as they stand in the suite, by their text in the column's type
 */
record SetValues(Map<String, Object> byText) {

  /**
   * The set, for a column of this type.
   *
   * @throws IllegalArgumentException where a value does not compare with the column
   */
  static SetValues of(List<JsonNode> set, DataType type) {
    Map<String, Object> byText = new LinkedHashMap<>();
    for (JsonNode value : set) {
      Columns.literal(value, type);
      Object plain = Json.mapper().convertValue(value, Object.class);
      byText.putIfAbsent(text(value, type), plain);
    }
    return new SetValues(byText);
  }

  /** What a value of the column is looked up by. */
  static String text(Object shown) {
    return shown.equals(-0.0) || shown.equals(-0.0f) ? "0.0" : String.valueOf(shown);
  }

  private static String text(JsonNode value, DataType type) {
    if (type instanceof NumericType) {
      return number(value, type);
    }
    return Columns.isTime(type) ? time(value, type) : value.asText();
  }

  private static String number(JsonNode value, DataType type) {
    if (type instanceof DoubleType) {
      return text(value.asDouble());
    }
    if (type instanceof FloatType) {
      return text((float) value.asDouble());
    }
    BigDecimal exact = value.decimalValue().stripTrailingZeros();
    int scale = type instanceof DecimalType decimal ? decimal.scale() : 0;
    // What has more digits than the column can hold is equal to none of its values.
    return exact.scale() <= scale ? exact.setScale(scale).toString() : "none " + exact;
  }

  /** Spark itself writes it, on the driver and without a job. */
  private static String time(JsonNode value, DataType type) {
    Dataset<Row> one =
        SparkSession.active().createDataFrame(List.of(RowFactory.create()), new StructType());
    return one.select(Plain.shown(Columns.literal(value, type), type)).first().getString(0);
  }
}
