package dev.sluice.testkit.contract;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import dev.sluice.model.Capability;
import dev.sluice.model.Table;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A column with values that storage tends to change.
 *
 * @param literals Spark SQL; a row takes one by its id, and every so often null
 */
record Value(String column, String type, List<String> literals) {
  /** Those that every format must give back. */
  static final List<Value> ALL =
      List.of(
          of("flag", "boolean", "true", "false"),
          of("whole", "int", "-2147483648", "2147483647"),
          of("long_whole", "bigint", "-9223372036854775808L", "9223372036854775807L"),
          of("single", "float", "'NaN'", "'-0.0'", "'-Infinity'", "1.4E-45"),
          of("fraction", "double", "'NaN'", "'-0.0'", "'Infinity'", "4.9E-324D"),
          of("price", "decimal(9,2)", "-9999999.99", "0.01"),
          of(
              "fine",
              "decimal(38,18)",
              "'99999999999999999999.999999999999999999'",
              "'-99999999999999999999.999999999999999999'",
              "'0.000000000000000001'"),
          of("text", "string", "''", "'\u00e9'", "'e\u0301\uD83D\uDE00'", "'\u202E\u05D0\\n\\0'"),
          of("bytes", "binary", "X''", "X'00FF0A'"),
          of("day", "date", "'0001-01-01'", "'1582-10-04'", "'1582-10-15'", "'9999-12-31'"),
          of(
              "moment",
              "timestamp",
              "'0001-01-01T00:00:00Z'",
              "'1500-01-01T00:00:00.000001Z'",
              "'1582-10-04T23:59:59.999999Z'",
              "'1969-12-31T23:59:58.999999Z'",
              "'1969-12-31T23:59:59.000999Z'",
              "'2024-10-27T02:30:00+02:00'",
              "'9999-12-31T23:59:59.999999Z'"),
          of(
              "wall_clock",
              "timestamp_ntz",
              "'0001-01-01T00:00:00'",
              "'1500-01-01T00:00:00.000001'",
              "'2024-03-31T02:30:00'"),
          of("list", "array<int>", "array()", "array(1, NULL, 3)"),
          of(
              "dictionary",
              "map<string,double>",
              "map_filter(map('a', 1), (k, v) -> false)",
              "map('', 1, '\u00e9', NULL)"),
          of(
              "tree",
              "struct<a:int,b:array<struct<c:string,d:decimal(38,18)>>>",
              "named_struct('a', NULL, 'b', NULL)",
              "named_struct('a', 1, 'b', array(named_struct('c', 'x', 'd', 0.1), NULL))"));

  /** Of a partition's column: they become names of folders. */
  static final Value REGION =
      of("region", "string", "'eu'", "'a/b=c %25'", "'\u00e9 \uD83D\uDE00'", "'01'");

  /** Columns that need a capability. */
  static final Map<Capability, Value> DEMANDING =
      Map.of(
          Capability.SMALL_INTEGERS,
          of("small", "struct<a:tinyint,b:array<smallint>>", "struct(1, array(2))"),
          Capability.MAPS_BY_ANY_KEY,
          of("numbered", "map<int,string>", "map(-1, 'a')", "map(2, NULL)"),
          Capability.ANY_COLUMN_NAME,
          of("net price in \u20ac", "double", "1.5"),
          Capability.ANY_PARTITION_TYPE,
          of("moment", "timestamp", "'1969-12-31T23:59:59.999999Z'"));

  static Value of(String column, String type, String... literals) {
    return new Value(column, type, List.of(literals));
  }

  static Table declare(Table table, List<Value> values) {
    Table all = table.column("id", "int");
    for (Value value : values) {
      all = all.column(value.column(), value.type());
    }
    return all;
  }

  /** The rows with these columns beside those that they have. */
  static Dataset<Row> make(Dataset<Row> rows, List<Value> values) {
    List<Column> columns = new ArrayList<>(List.of(col("*")));
    values.forEach(value -> columns.add(expr(value.sql()).as(value.column())));
    return rows.select(columns.toArray(Column[]::new));
  }

  private String sql() {
    StringBuilder sql = new StringBuilder("CASE id % " + (literals.size() + 1));
    for (int i = 0; i < literals.size(); i++) {
      sql.append(
          String.format(
              " WHEN %d THEN CAST(%s AS %s)", i, literals.get(i), type.toUpperCase(Locale.ROOT)));
    }
    return sql + " END";
  }

  /** A row as text in which no two different values look the same. */
  static String told(Row row) {
    StringBuilder text = new StringBuilder();
    for (String name : row.schema().fieldNames()) {
      Object cell = row.get(row.fieldIndex(name));
      String shown =
          cell instanceof byte[] bytes
              ? HexFormat.of().formatHex(bytes)
              : cell instanceof scala.collection.Map<?, ?> map ? told(map) : Objects.toString(cell);
      text.append(name).append('=').append(shown).append('\n');
    }
    return text.toString();
  }

  /** Entries have no order. */
  private static String told(scala.collection.Map<?, ?> map) {
    return CollectionConverters.asJava(map).entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .toList()
        .toString();
  }
}
