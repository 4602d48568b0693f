package dev.sluice.connect.jdbc;

import dev.sluice.model.Sink;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.TargetChange;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The table behind a sink: what it is, and what it is to become. */
final class JdbcTable {

  /** A column as the database has it. */
  private record There(String type, String comment) {}

  private final Database database;
  private final Sink.Jdbc sink;
  private final Relation name;
  private final StructType columns;

  JdbcTable(Database database, Sink.Jdbc sink, StructType columns) {
    this.database = database;
    this.sink = sink;
    this.name = Relation.parse(sink.name());
    this.columns = columns;
  }

  Relation name() {
    return name;
  }

  /** The name that messages use. */
  String sinkName() {
    return sink.name();
  }

  /** The names of its columns that Sluice writes. */
  List<String> columns() {
    return List.of(columns.fieldNames());
  }

  List<TargetChange> changes() {
    return database.call(
        connection -> {
          if (!database.hasTable(connection, name)) {
            return List.of(
                TargetChange.creates("create table " + sink.name() + " in " + database.shown()));
          }
          return missing(there(connection)).stream()
              .map(field -> TargetChange.keeps("add column " + field.name()))
              .toList();
        });
  }

  /** Makes the table, or adds the columns that it lacks. */
  void prepare(Connection connection) throws SQLException {
    database.make(
        connection,
        name,
        "CREATE TABLE IF NOT EXISTS "
            + name.sql()
            + Arrays.stream(columns.fields())
                .map(database::definition)
                .collect(Collectors.joining(", ", " (", ")")));
    for (StructField field : missing(there(connection))) {
      add(connection, field);
    }
  }

  /** Two runs may find the same column missing; the slower one then finds it there. */
  private void add(Connection connection, StructField field) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("ALTER TABLE " + name.sql() + " ADD COLUMN " + database.definition(field));
    } catch (SQLException e) {
      if (!there(connection).containsKey(field.name())) {
        throw e;
      }
    }
  }

  private List<StructField> missing(Map<String, There> there) {
    List<StructField> missing = new ArrayList<>();
    for (StructField field : columns.fields()) {
      Optional<There> column = Optional.ofNullable(there.get(field.name()));
      column.ifPresent(found -> requireFits(field, found.type()));
      if (column.isEmpty()) {
        missing.add(field);
      }
    }
    return missing;
  }

  private void requireFits(StructField field, String type) {
    Optional<String> wanted = family(database.typeOf(field.dataType()));
    Optional<String> found = family(type);
    if (wanted.isPresent() && found.isPresent() && !wanted.equals(found)) {
      throw SluiceException.contract(
          "Cannot load %s: column '%s' is %s in the database and %s in the job. Make it %s in the"
              + " job, or load another table",
          sink.name(), field.name(), type, field.dataType().simpleString(), found.get());
    }
  }

  /** What a type holds, where that is known; the database itself judges the others. */
  private static Optional<String> family(String type) {
    String word = type.toLowerCase(java.util.Locale.ROOT).replaceFirst("[^a-z0-9].*", "");
    return switch (word) {
      case "bool", "boolean" -> Optional.of("boolean");
      case "int2",
          "int4",
          "int8",
          "smallint",
          "integer",
          "bigint",
          "serial",
          "bigserial",
          "numeric",
          "decimal",
          "float4",
          "float8",
          "real",
          "double" ->
          Optional.of("a number");
      case "text", "varchar", "bpchar", "char", "character" -> Optional.of("string");
      case "date" -> Optional.of("date");
      case "timestamp", "timestamptz" -> Optional.of("timestamp");
      case "bytea", "blob" -> Optional.of("binary");
      default -> Optional.empty();
    };
  }

  /** Brings comments in line; only PostgreSQL keeps them. */
  void register(Connection connection) throws SQLException {
    if (!database.isPostgres()) {
      return;
    }
    if (!sink.comment().isEmpty() && !sink.comment().equals(comment(connection))) {
      comment(connection, "TABLE " + name.sql(), sink.comment());
    }
    Map<String, There> there = there(connection);
    for (StructField field : columns.fields()) {
      String wanted = field.getComment().getOrElse(() -> "");
      if (!wanted.isEmpty() && !wanted.equals(there.get(field.name()).comment())) {
        comment(connection, "COLUMN " + name.sql() + "." + Relation.quoted(field.name()), wanted);
      }
    }
  }

  private static void comment(Connection connection, String on, String text) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("COMMENT ON " + on + " IS '" + text.replace("'", "''") + "'");
    }
  }

  private String comment(Connection connection) throws SQLException {
    DatabaseMetaData meta = connection.getMetaData();
    try (ResultSet found =
        meta.getTables(
            connection.getCatalog(),
            database.schema(connection, name),
            Database.escaped(meta, name.name()),
            null)) {
      return found.next() ? Optional.ofNullable(found.getString("REMARKS")).orElse("") : "";
    }
  }

  private Map<String, There> there(Connection connection) throws SQLException {
    DatabaseMetaData meta = connection.getMetaData();
    Map<String, There> there = new LinkedHashMap<>();
    try (ResultSet found =
        meta.getColumns(
            connection.getCatalog(),
            database.schema(connection, name),
            Database.escaped(meta, name.name()),
            null)) {
      while (found.next()) {
        there.put(
            found.getString("COLUMN_NAME"),
            new There(
                found.getString("TYPE_NAME"),
                Optional.ofNullable(found.getString("REMARKS")).orElse("")));
      }
    }
    return there;
  }
}
