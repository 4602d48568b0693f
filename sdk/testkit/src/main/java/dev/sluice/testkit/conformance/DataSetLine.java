package dev.sluice.testkit.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Rows that questions are put to.
 *
 * @param name its name in the file of cases
 * @param node {@code {"columns": [{"name", "type"}], "rows": [[…]]}}, and {@code tables} beside it
 */
record DataSetLine(String name, JsonNode node) {

  /** Reads it from its line. */
  static DataSetLine of(JsonNode line) {
    return new DataSetLine(line.get("dataset").asText(), line);
  }

  /** Its rows. */
  Dataset<Row> frame(SparkSession spark) {
    return frame(spark, node);
  }

  /** A further table that it brings or names. */
  Optional<Dataset<Row>> table(String name, SparkSession spark, Map<String, DataSetLine> others) {
    JsonNode table = node.path("tables").path(name);
    if (table.isObject()) {
      return Optional.of(frame(spark, table));
    }
    boolean listed = false;
    for (JsonNode one : node.path("tables")) {
      listed |= one.asText().equals(name);
    }
    String from = table.isTextual() ? table.asText() : name;
    return table.isTextual() || listed
        ? Optional.ofNullable(others.get(from)).map(other -> other.frame(spark))
        : Optional.empty();
  }

  /** Values are written as texts that Spark casts, which reads all of them: also NaN and times. */
  private static Dataset<Row> frame(SparkSession spark, JsonNode table) {
    StructType texts = new StructType();
    List<Column> typed = new ArrayList<>();
    for (JsonNode column : table.get("columns")) {
      String name = column.get("name").asText();
      texts = texts.add(name, DataTypes.StringType);
      typed.add(typed(name, column.get("type").asText()).as(name));
    }
    List<Row> rows = new ArrayList<>();
    table.get("rows").forEach(row -> rows.add(row((ArrayNode) row)));
    return spark.createDataFrame(rows, texts).select(typed.toArray(Column[]::new));
  }

  private static Column typed(String name, String type) {
    return type.equals("void") ? functions.lit(null) : functions.col("`" + name + "`").cast(type);
  }

  private static Row row(ArrayNode values) {
    Object[] texts = new Object[values.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = values.get(i).isNull() ? null : values.get(i).asText();
    }
    return RowFactory.create(texts);
  }
}
