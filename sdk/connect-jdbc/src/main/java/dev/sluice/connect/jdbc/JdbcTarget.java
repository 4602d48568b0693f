package dev.sluice.connect.jdbc;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Json;
import dev.sluice.model.RunKey;
import dev.sluice.model.Sink;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.LedgerEntry;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;

/**
 * Publishes into a database table: rows are staged in a table of their own, then one transaction
 * takes them over and writes the ledger row whose key only one run can have.
 */
final class JdbcTarget implements Target {
  private static final String LEDGER = "sluice_ledger";

  private final Database database;
  private final Sink.Jdbc sink;
  private final Write write;
  private final StructType schema;

  JdbcTarget(Database database, Sink.Jdbc sink, Write write, StructType schema) {
    this.database = database;
    this.sink = sink;
    this.write = write;
    this.schema = schema;
  }

  @Override
  public String kind() {
    return "sink";
  }

  @Override
  public String uri() {
    return database.shown() + "#" + sink.name();
  }

  @Override
  public Optional<Commit> find(RunKey key) {
    return database.call(connection -> find(connection, key));
  }

  private Optional<Commit> find(Connection connection, RunKey key) throws SQLException {
    if (!database.hasTable(connection, LEDGER)) {
      return Optional.empty();
    }
    try (PreparedStatement query =
        connection.prepareStatement("SELECT entry FROM " + LEDGER + " WHERE run_key = ?")) {
      query.setString(1, key.toString());
      ResultSet found = query.executeQuery();
      return found.next()
          ? Optional.of(new Commit(LedgerEntry.parse(found.getString(1)), Optional.empty(), true))
          : Optional.empty();
    }
  }

  /** A database forgets nothing. */
  @Override
  public Ledger ledger() {
    return new Ledger(database.call(this::entries), Optional.empty());
  }

  private List<LedgerEntry> entries(Connection connection) throws SQLException {
    List<LedgerEntry> entries = new ArrayList<>();
    if (database.hasTable(connection, LEDGER)) {
      try (Statement statement = connection.createStatement()) {
        ResultSet found = statement.executeQuery("SELECT entry FROM " + LEDGER);
        while (found.next()) {
          entries.add(LedgerEntry.parse(found.getString(1)));
        }
      }
    }
    return entries.stream()
        .filter(entry -> entry.runKey().contains("/" + sink.name() + "/"))
        .sorted(Comparator.comparing(LedgerEntry::committedAt))
        .toList();
  }

  @Override
  public List<String> changes() {
    return database.call(
        connection ->
            database.hasTable(connection, sink.name())
                ? List.of()
                : List.of("create table " + sink.name() + " in " + database.shown()));
  }

  @Override
  public void prepare() {
    database.call(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                "CREATE TABLE IF NOT EXISTS "
                    + LEDGER
                    + " (run_key VARCHAR(512) PRIMARY KEY, entry TEXT NOT NULL)");
            statement.execute(
                "CREATE TABLE IF NOT EXISTS " + sink.name() + " (" + definitions() + ")");
          }
          return null;
        });
  }

  private String definitions() {
    return Arrays.stream(schema.fields())
        .map(field -> quoted(field.name()) + " " + Database.typeOf(field.dataType()))
        .collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  /** A database has no comments and properties that a reader would look for. */
  @Override
  public void register() {}

  @Override
  public Staging stage(RunKey key, String runId, StructType rows) {
    String table =
        sink.name() + "_sluice_" + runId.toLowerCase(java.util.Locale.ROOT).replaceAll("\\W", "_");
    database.call(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                "CREATE TABLE "
                    + table
                    + " ("
                    + definitions()
                    + ", "
                    + JdbcWrite.ATTEMPT
                    + " BIGINT NOT NULL)");
          }
          return null;
        });
    return new Staged(key, table, new JdbcWrite(database, table, schema));
  }

  private final class Staged implements Staging {
    private final RunKey key;
    private final String table;
    private final JdbcWrite rows;

    Staged(RunKey key, String table, JdbcWrite rows) {
      this.key = key;
      this.table = table;
      this.rows = rows;
    }

    @Override
    public org.apache.spark.sql.connector.write.Write write() {
      return rows;
    }

    /** Attempts that wrote and did not commit leave rows behind; they go first. */
    @Override
    public void staged(WriterCommitMessage[] messages) {
      String committed =
          Arrays.stream(messages)
              .map(message -> Long.toString(((JdbcWrite.Message) message).attempt()))
              .collect(Collectors.joining(", "));
      String where =
          committed.isEmpty() ? "" : " WHERE " + JdbcWrite.ATTEMPT + " NOT IN (" + committed + ")";
      database.call(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              return statement.executeUpdate("DELETE FROM " + table + where);
            }
          });
    }

    @Override
    public long rowCount() {
      return database.call(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + table);
              count.next();
              return count.getLong(1);
            }
          });
    }

    @Override
    public Optional<Dataset<Row>> rows(SparkSession spark) {
      return Optional.empty();
    }

    @Override
    public Commit publish(RunFacts facts) {
      try (Connection connection = database.connect()) {
        connection.setAutoCommit(false);
        Optional<Commit> earlier = takeOver(connection, facts);
        if (earlier.isPresent()) {
          connection.rollback();
          drop();
          return earlier.get();
        }
        FailPoint.BEFORE_COMMIT.hit();
        commit(connection, facts);
      } catch (SQLException e) {
        throw database.failed(e);
      }
      drop();
      return new Commit(facts.entry(), Optional.empty(), false);
    }

    private Optional<Commit> takeOver(Connection connection, RunFacts facts) throws SQLException {
      try (PreparedStatement ledger =
          connection.prepareStatement("INSERT INTO " + LEDGER + " VALUES (?, ?)")) {
        ledger.setString(1, key.toString());
        ledger.setString(2, Json.line(facts.entry()));
        ledger.executeUpdate();
      } catch (SQLException e) {
        connection.rollback();
        Optional<Commit> earlier = find(connection, key);
        if (earlier.isPresent()) {
          return earlier;
        }
        throw e;
      }
      String columns =
          Arrays.stream(schema.fieldNames())
              .map(JdbcTarget::quoted)
              .collect(Collectors.joining(", "));
      try (Statement statement = connection.createStatement()) {
        if (write.mode() == Write.Mode.REPLACE_TABLE) {
          statement.executeUpdate("DELETE FROM " + sink.name());
        }
        if (write.mode() == Write.Mode.REPLACE_PARTITIONS) {
          String same =
              sink.partitions().stream()
                  .map(JdbcTarget::quoted)
                  .map(name -> "s." + name + " = " + sink.name() + "." + name)
                  .collect(Collectors.joining(" AND "));
          statement.executeUpdate(
              String.format(
                  "DELETE FROM %s WHERE EXISTS (SELECT 1 FROM %s s WHERE %s)",
                  sink.name(), table, same));
        }
        statement.executeUpdate(
            String.format(
                "INSERT INTO %s (%s) SELECT %s FROM %s", sink.name(), columns, columns, table));
      }
      return Optional.empty();
    }

    /** A commit whose answer is lost is settled by the ledger, never guessed. */
    private void commit(Connection connection, RunFacts facts) throws SQLException {
      try {
        connection.commit();
      } catch (SQLException e) {
        Optional<Commit> settled;
        try {
          settled = find(key);
        } catch (SluiceException unreachable) {
          throw new SluiceException(
              ErrorKind.INFRA,
              ExitCode.COMMIT_UNKNOWN,
              String.format(
                  "Cannot tell whether %s was loaded: the answer to the commit was lost (%s). Run"
                      + " again: the ledger decides",
                  sink.name(), e.getMessage()),
              e);
        }
        if (settled.isEmpty() || !settled.get().entry().runId().equals(facts.runId())) {
          throw e;
        }
      }
    }

    private void drop() {
      database.call(
          connection -> {
            try (Statement statement = connection.createStatement()) {
              return statement.executeUpdate("DROP TABLE " + table);
            }
          });
    }

    @Override
    public void discard() {
      drop();
    }
  }
}
