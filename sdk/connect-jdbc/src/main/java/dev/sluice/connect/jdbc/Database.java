package dev.sluice.connect.jdbc;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;

/** A database and what is peculiar to its kind. Sent to the tasks that write. */
record Database(String uri, Map<String, String> credentials) implements Serializable {
  /** What settings may say beside the address; a driver takes any name it is given. */
  private static final Set<String> CREDENTIALS = Set.of("user", "password");

  /** Lets nothing through that {@link JdbcAddress} does not know. */
  Database {
    JdbcAddress.parse(uri);
    credentials = new TreeMap<>(credentials);
    credentials.keySet().retainAll(CREDENTIALS);
  }

  /** Statements without an answer. */
  interface Statements {
    void on(Connection connection) throws SQLException;
  }

  /** Something that may fail with an SQL error. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** The kinds of databases in which rows can change others by their key. */
  static final List<String> MERGING = List.of("postgresql", "sqlite");

  /** The kind of database, as its address says it. */
  String kind() {
    return JdbcAddress.parse(uri).kind();
  }

  boolean merges() {
    return MERGING.contains(kind());
  }

  boolean isSqlite() {
    return kind().equals("sqlite");
  }

  boolean isPostgres() {
    return kind().equals("postgresql");
  }

  /** The address without parameters, which may hold a password. */
  String shown() {
    return uri.replaceFirst("[?;].*$", "").replaceFirst("//[^/@]*@", "//");
  }

  Connection connect() throws SQLException {
    Properties properties = new Properties();
    credentials.forEach(
        (key, value) -> {
          if (!value.isEmpty()) {
            properties.setProperty(key, value);
          }
        });
    if (isSqlite()) {
      properties.setProperty("busy_timeout", "60000");
    }
    return DriverManager.getConnection(uri, properties);
  }

  /** Runs work on a connection of its own; an error is named as this database's. */
  <T> T call(Work<T> work) {
    try (Connection connection = connect()) {
      return work.on(connection);
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** Runs statements on a connection of their own. */
  void run(Statements statements) {
    call(
        connection -> {
          statements.on(connection);
          return true;
        });
  }

  /** Runs one statement. */
  void execute(String sql) {
    run(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
          }
        });
  }

  /** Makes a table; where two do so at once, a database may refuse the slower one. */
  void make(Connection connection, Relation table, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      if (!hasTable(connection, table)) {
        throw e;
      }
    }
  }

  /** Removes a table if it is there and nobody works on it. */
  void drop(Relation table) {
    run(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            if (isPostgres()) {
              statement.execute("SET lock_timeout = '2s'");
            }
            statement.execute("DROP TABLE IF EXISTS " + table.sql());
          }
        });
  }

  /** Keeps other writers out of a table until the transaction ends; readers see what was there. */
  void lock(Connection connection, Relation table) throws SQLException {
    if (isPostgres()) { // SQLite has one writer at a time
      try (Statement statement = connection.createStatement()) {
        statement.execute("LOCK TABLE " + table.sql() + " IN SHARE ROW EXCLUSIVE MODE");
      }
    }
  }

  SluiceException failed(SQLException e) {
    return new SluiceException(
        ErrorKind.SOURCE,
        String.format(
            "Cannot use database %s: %s. Check the address, the credentials and the rights",
            shown(), reason(e)),
        e);
  }

  /** The first line of what a driver says. */
  static String reason(SQLException e) {
    return Optional.ofNullable(e.getMessage())
        .flatMap(message -> message.lines().findFirst())
        .orElse("")
        .replaceAll("[.\\s]+$", "");
  }

  /** Whether there is such a table; other schemas may have one of that name as well. */
  boolean hasTable(Connection connection, Relation table) throws SQLException {
    return !tables(connection, table, escaped(connection.getMetaData(), table.name())).isEmpty();
  }

  /** The tables of the same schema whose names begin so. */
  List<String> tablesBeginning(Connection connection, Relation table, String prefix)
      throws SQLException {
    return tables(connection, table, escaped(connection.getMetaData(), prefix) + "%");
  }

  private List<String> tables(Connection connection, Relation beside, String pattern)
      throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet found =
        connection
            .getMetaData()
            .getTables(connection.getCatalog(), schema(connection, beside), pattern, null)) {
      while (found.next()) {
        names.add(found.getString("TABLE_NAME"));
      }
    }
    return names;
  }

  /** A name as a pattern that matches just it. */
  static String escaped(DatabaseMetaData database, String name) throws SQLException {
    String escape = database.getSearchStringEscape();
    return name.replace(escape, escape + escape)
        .replace("_", escape + "_")
        .replace("%", escape + "%");
  }

  /** The pattern of the schema that a table lies in; null, as JDBC has it, for any. */
  String schema(Connection connection, Relation table) throws SQLException {
    String named = table.named().orElse(connection.getSchema());
    return isSqlite() || named == null ? null : escaped(connection.getMetaData(), named);
  }

  /** A column's name and type. */
  String definition(StructField field) {
    return Relation.quoted(field.name()) + " " + typeOf(field.dataType());
  }

  /** The SQL type of a column; SQLite takes the words, and looks at each value for itself. */
  String typeOf(DataType type) {
    if (type instanceof DecimalType decimal) {
      requireExact(decimal);
      return "NUMERIC(" + decimal.precision() + "," + decimal.scale() + ")";
    }
    return switch (type.simpleString()) {
      case "boolean" -> "BOOLEAN";
      case "tinyint", "smallint", "int" -> "INTEGER";
      case "bigint" -> "BIGINT";
      case "float", "double" -> "DOUBLE PRECISION";
      case "date" -> "DATE";
      case "timestamp" -> merges() ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP"; // MariaDB has none
      case "timestamp_ntz" -> "TIMESTAMP";
      case "string" -> "TEXT";
      case "binary" -> isPostgres() ? "BYTEA" : "BLOB";
      default ->
          throw SluiceException.config(
              "Cannot load a column of type %s: a database has no such type. Turn it into text"
                  + " with to_json",
              type.simpleString());
    };
  }

  private void requireExact(DecimalType type) {
    if (isSqlite() && type.precision() > 15) {
      throw SluiceException.config(
          "Cannot load a column of type %s: SQLite rounds numbers to 15 digits. Cast it to a smaller"
              + " decimal or to a string",
          type.simpleString());
    }
  }
}
