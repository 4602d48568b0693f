package dev.sluice.connect.jdbc;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

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

  /** Something that may fail with an SQL error. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  boolean isSqlite() {
    return uri.startsWith("jdbc:sqlite:");
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

  SluiceException failed(SQLException e) {
    String reason = e.getMessage().lines().findFirst().orElse("").replaceAll("[.\\s]+$", "");
    return new SluiceException(
        ErrorKind.SOURCE,
        String.format(
            "Cannot use database %s: %s. Check the address, the credentials and the rights",
            shown(), reason),
        e);
  }

  /** Whether the schema that the connection works in has a table; others may have one as well. */
  boolean hasTable(Connection connection, String table) throws SQLException {
    DatabaseMetaData database = connection.getMetaData();
    String name = table.replace("_", database.getSearchStringEscape() + "_");
    try (ResultSet found =
        database.getTables(connection.getCatalog(), connection.getSchema(), name, null)) {
      return found.next();
    }
  }

  /** The SQL type of a column; all are understood by PostgreSQL, MariaDB and SQLite. */
  static String typeOf(DataType type) {
    if (type instanceof DecimalType decimal) {
      return "NUMERIC(" + decimal.precision() + "," + decimal.scale() + ")";
    }
    return switch (type.simpleString()) {
      case "boolean" -> "BOOLEAN";
      case "tinyint", "smallint", "int" -> "INTEGER";
      case "bigint" -> "BIGINT";
      case "float", "double" -> "DOUBLE PRECISION";
      case "date" -> "DATE";
      case "timestamp", "timestamp_ntz" -> "TIMESTAMP";
      case "string" -> "TEXT";
      default ->
          throw SluiceException.config(
              "Cannot load a column of type %s: a database has no such type. Turn it into text"
                  + " with to_json",
              type.simpleString());
    };
  }
}
