package dev.sluice.runtime.lake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Tables of plain files, kept in the embedded catalog's SQLite file. */
final class EmbeddedFileCatalog implements FileCatalog {
  private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};
  private static final TypeReference<List<String>> LIST = new TypeReference<>() {};

  private final Connection connection;

  EmbeddedFileCatalog(String address) {
    this.connection =
        sql(
            () -> {
              // A transaction that begins by reading must not find later that another one wrote.
              Properties properties = new Properties();
              properties.setProperty("transaction_mode", "IMMEDIATE");
              Connection open = DriverManager.getConnection(address, properties);
              try (Statement statement = open.createStatement()) {
                statement.execute(
                    "CREATE TABLE IF NOT EXISTS sluice_table (name TEXT PRIMARY KEY,"
                        + " columns TEXT NOT NULL, location TEXT NOT NULL,"
                        + " parameters TEXT NOT NULL)");
                statement.execute(
                    "CREATE TABLE IF NOT EXISTS sluice_partition (name TEXT NOT NULL,"
                        + " spec TEXT NOT NULL, location TEXT NOT NULL, row_count INTEGER NOT NULL,"
                        + " PRIMARY KEY (name, spec))");
              }
              return open;
            });
  }

  @Override
  public Optional<Entry> find(Table table) {
    return sql(
        () -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT columns, location, parameters FROM sluice_table WHERE name = ?")) {
            query.setString(1, table.name());
            ResultSet found = query.executeQuery();
            return found.next()
                ? Optional.of(
                    new Entry(
                        read(found.getString(1), MAP),
                        found.getString(2),
                        read(found.getString(3), MAP)))
                : Optional.empty();
          }
        });
  }

  @Override
  public List<String> names() {
    return sql(
        () -> {
          try (PreparedStatement query =
              connection.prepareStatement("SELECT name FROM sluice_table ORDER BY name")) {
            ResultSet found = query.executeQuery();
            List<String> names = new ArrayList<>();
            while (found.next()) {
              names.add(found.getString(1));
            }
            return names;
          }
        });
  }

  @Override
  public void put(Table table, Entry entry) {
    sql(
        () -> {
          try (PreparedStatement insert =
              connection.prepareStatement("INSERT OR REPLACE INTO sluice_table VALUES (?,?,?,?)")) {
            insert.setString(1, table.name());
            insert.setString(2, Json.line(entry.columns()));
            insert.setString(3, entry.location());
            insert.setString(4, Json.line(entry.parameters()));
            return insert.executeUpdate();
          }
        });
  }

  @Override
  public List<Partition> partitions(Table table) {
    return sql(
        () -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT spec, location, row_count FROM sluice_partition WHERE name = ?"
                      + " ORDER BY spec")) {
            query.setString(1, table.name());
            ResultSet found = query.executeQuery();
            List<Partition> partitions = new ArrayList<>();
            while (found.next()) {
              List<String> values = read(found.getString(1), LIST);
              partitions.add(new Partition(values, found.getString(2), found.getLong(3)));
            }
            return partitions;
          }
        });
  }

  @Override
  public void point(Table table, List<Partition> partitions) {
    batch(
        "INSERT OR REPLACE INTO sluice_partition VALUES (?,?,?,?)",
        partitions,
        (insert, partition) -> {
          insert.setString(1, table.name());
          insert.setString(2, Json.line(partition.values()));
          insert.setString(3, partition.location());
          insert.setLong(4, partition.rows());
        });
  }

  @Override
  public void drop(Table table, List<Partition> partitions) {
    batch(
        "DELETE FROM sluice_partition WHERE name = ? AND spec = ?",
        partitions,
        (delete, partition) -> {
          delete.setString(1, table.name());
          delete.setString(2, Json.line(partition.values()));
        });
  }

  private interface Binder {
    void bind(PreparedStatement statement, Partition partition) throws SQLException;
  }

  private void batch(String statement, List<Partition> partitions, Binder binder) {
    transaction(
        () -> {
          try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            for (Partition partition : partitions) {
              binder.bind(prepared, partition);
              prepared.addBatch();
            }
            return prepared.executeBatch();
          }
        });
  }

  @Override
  public boolean comparesPartitions() {
    return true;
  }

  /** All or nothing, and one after the other: SQLite lets one writer in at a time. */
  @Override
  public Outcome publish(Table table, Publication publication) {
    return transaction(() -> FileCatalog.super.publish(table, publication));
  }

  private <T> T transaction(SqlCall<T> call) {
    return sql(
        () -> {
          if (!connection.getAutoCommit()) {
            return call.call(); // part of one that is going on
          }
          connection.setAutoCommit(false);
          try {
            T result = call.call();
            connection.commit();
            return result;
          } finally {
            connection.rollback(); // nothing is open after a commit
            connection.setAutoCommit(true);
          }
        });
  }

  @Override
  public void close() {
    sql(
        () -> {
          connection.close();
          return null;
        });
  }

  private static <T> T read(String json, TypeReference<T> type) {
    try {
      return Json.mapper().readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new SluiceException(
          ErrorKind.INFRA,
          "Cannot read the embedded catalog: '" + json + "' is damaged. Restore the file",
          e);
    }
  }

  private interface SqlCall<T> {
    T call() throws SQLException;
  }

  private static <T> T sql(SqlCall<T> call) {
    try {
      return call.call();
    } catch (SQLException e) {
      throw new SluiceException(
          ErrorKind.INFRA,
          "Cannot use the embedded catalog: " + e.getMessage() + ". Check lake.catalog.uri",
          e);
    }
  }
}
