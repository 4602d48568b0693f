package dev.sluice.testkit;

import dev.sluice.model.Sink;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The rows of a database's table, as rows of the lake would be. */
final class SinkRows {
  private SinkRows() {}

  /** All rows, in no order; none where there is no table yet. */
  static List<Row> of(Sink sink, Map<String, String> settings) {
    String uri = sink.uri();
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      uri = uri.replace("${" + setting.getKey() + "}", setting.getValue());
    }
    String table =
        Arrays.stream(sink.name().split("\\."))
            .map(part -> "\"" + part.replace("\"", "\"\"") + "\"")
            .collect(Collectors.joining("."));
    try (Connection connection = DriverManager.getConnection(uri);
        Statement statement = connection.createStatement()) {
      return rows(statement.executeQuery("SELECT * FROM " + table));
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot read sink " + sink.name() + ": " + e.getMessage(), e);
    }
  }

  private static List<Row> rows(ResultSet found) throws SQLException {
    ResultSetMetaData columns = found.getMetaData();
    StructType schema = new StructType();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      schema = schema.add(columns.getColumnName(i), type(word(columns, i)));
    }
    List<Row> rows = new ArrayList<>();
    while (found.next()) {
      Object[] values = new Object[columns.getColumnCount()];
      for (int i = 1; i <= values.length; i++) {
        values[i - 1] = found.getObject(i) == null ? null : value(found, i, word(columns, i));
      }
      rows.add(new GenericRowWithSchema(values, schema));
    }
    return rows;
  }

  private static String word(ResultSetMetaData columns, int i) throws SQLException {
    return columns.getColumnTypeName(i).toLowerCase(Locale.ROOT);
  }

  private static DataType type(String word) {
    return switch (word) {
      case "boolean", "bool" -> DataTypes.BooleanType;
      case "integer", "int4" -> DataTypes.IntegerType;
      case "bigint", "int8" -> DataTypes.LongType;
      case "double precision", "float8" -> DataTypes.DoubleType;
      case "date" -> DataTypes.DateType;
      case "timestamp with time zone", "timestamptz" -> DataTypes.TimestampType;
      case "timestamp" -> DataTypes.TimestampNTZType;
      case "blob", "bytea" -> DataTypes.BinaryType;
      default -> DataTypes.StringType;
    };
  }

  private static Object value(ResultSet found, int i, String word) throws SQLException {
    return switch (word) {
      case "boolean", "bool" -> found.getBoolean(i);
      case "integer", "int4" -> found.getInt(i);
      case "bigint", "int8" -> found.getLong(i);
      case "double precision", "float8" -> found.getDouble(i);
      case "date" -> LocalDate.parse(found.getString(i));
      case "timestamptz" -> found.getObject(i, OffsetDateTime.class).toInstant();
      case "timestamp with time zone" -> wallClock(found, i).toInstant(ZoneOffset.UTC);
      case "timestamp" -> wallClock(found, i);
      case "blob", "bytea" -> found.getBytes(i);
      default -> found.getString(i);
    };
  }

  /** PostgreSQL writes a space between day and time. */
  private static LocalDateTime wallClock(ResultSet found, int i) throws SQLException {
    return LocalDateTime.parse(found.getString(i).replace(' ', 'T'));
  }
}
