package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Data frames from the columns of a case file. */
final class Frames {
  private Frames() {}

  /**
   * A frame of typed columns; values are written as texts that Spark casts, so that a case file may
   * hold dates and decimals.
   *
   * @param schema column to type, in order
   * @param data column to list of values
   */
  static Dataset<Row> of(JsonNode schema, JsonNode data) {
    List<StructField> texts = new ArrayList<>();
    List<Column> typed = new ArrayList<>();
    for (Map.Entry<String, JsonNode> column : schema.properties()) {
      texts.add(DataTypes.createStructField(column.getKey(), DataTypes.StringType, true));
      DataType type = DataType.fromDDL(column.getValue().asText());
      typed.add(functions.col("`" + column.getKey() + "`").cast(type).as(column.getKey()));
    }
    return LocalSpark.session()
        .createDataFrame(rows(schema, data), new StructType(texts.toArray(StructField[]::new)))
        .select(typed.toArray(Column[]::new));
  }

  private static List<Row> rows(JsonNode schema, JsonNode data) {
    List<String> names = new ArrayList<>();
    schema.fieldNames().forEachRemaining(names::add);
    int count = data.path(names.get(0)).size();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object[] values = new Object[names.size()];
      for (int j = 0; j < values.length; j++) {
        JsonNode column = data.path(names.get(j));
        if (column.size() != count) {
          throw new IllegalArgumentException("column " + names.get(j) + " is not of equal length");
        }
        values[j] = column.get(i).isNull() ? null : column.get(i).asText();
      }
      rows.add(RowFactory.create(values));
    }
    return rows;
  }
}
