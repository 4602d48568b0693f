package dev.sluice.connect.jdbc;

import dev.sluice.model.ExitCode;
import dev.sluice.model.RunKey;
import dev.sluice.model.Sink;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;

/**
 * One run's rows in a table of their own, beside the one that they are for.
 *
 * <p>Its name tells the run key: when a run has published, the tables of other attempts at the same
 * work go as well, since none of them can publish any more. Nothing else is ever removed.
 */
final class JdbcStaging implements Staging {
  private final Database database;
  private final Sink.Jdbc sink;
  private final Write write;
  private final JdbcLedger ledger;
  private final JdbcTable table;
  private final RunKey key;
  private final Relation staged;
  private final JdbcWrite rows;

  private JdbcStaging(
      Database database,
      Sink.Jdbc sink,
      Write write,
      JdbcLedger ledger,
      JdbcTable table,
      RunKey key,
      String runId,
      StructType schema) {
    this.database = database;
    this.sink = sink;
    this.write = write;
    this.ledger = ledger;
    this.table = table;
    this.key = key;
    this.staged = table.name().beside(prefix() + RunKey.hash(runId));
    this.rows = new JdbcWrite(database, staged, schema);
  }

  /** Makes the table. */
  static JdbcStaging begin(
      Database database,
      Sink.Jdbc sink,
      Write write,
      JdbcLedger ledger,
      JdbcTable table,
      RunKey key,
      String runId,
      StructType schema) {
    JdbcStaging staging = new JdbcStaging(database, sink, write, ledger, table, key, runId, schema);
    String columns =
        Arrays.stream(schema.fields())
            .map(field -> database.definition(field) + ", ")
            .collect(Collectors.joining());
    database.execute(
        "CREATE TABLE "
            + staging.staged.sql()
            + " ("
            + columns
            + JdbcWrite.ATTEMPT
            + " BIGINT NOT NULL)");
    return staging;
  }

  /** Short enough for every database, which would cut a longer name and take it for another's. */
  private String prefix() {
    return "sluice_staging_" + key.hash() + "_";
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
    database.execute("DELETE FROM " + staged.sql() + where);
  }

  @Override
  public long rowCount() {
    return database.call(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + staged.sql());
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
    FailPoint.BEFORE_COMMIT.hit();
    try {
      Commit commit = inOneTransaction(facts);
      tidy(attempts());
      return commit;
    } catch (SluiceException e) {
      if (e.exitCode() != ExitCode.COMMIT_UNKNOWN) {
        tidy(List.of(staged));
      }
      throw e;
    }
  }

  private Commit inOneTransaction(RunFacts facts) {
    return database.call(
        connection -> {
          connection.setAutoCommit(false);
          Optional<Commit> earlier = ledger.note(connection, facts);
          if (earlier.isPresent()) {
            return earlier.get();
          }
          land(connection);
          FailPoint.BETWEEN_POINTERS.hit();
          return ledger.commit(connection, facts);
        });
  }

  private void land(Connection connection) throws SQLException {
    if (write.mode() != Write.Mode.APPEND) {
      database.lock(connection, table.name());
    }
    switch (write.mode()) {
      case APPEND -> add(connection);
      case REPLACE_TABLE -> {
        delete(connection, "");
        add(connection);
      }
      case REPLACE_PARTITIONS -> {
        delete(connection, " WHERE " + ofSamePartitions(connection));
        add(connection);
      }
      case UPSERT, APPLY_CHANGES, HISTORY ->
          new JdbcMerge(connection, database, table, sink.key(), write, staged).run();
    }
  }

  private void delete(Connection connection, String where) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM " + table.name().sql() + " AS t" + where);
    }
  }

  private String ofSamePartitions(Connection connection) throws SQLException {
    Matching same = Matching.of(connection, staged.sql(), sink.partitions());
    return String.format(
        "EXISTS (SELECT 1 FROM (SELECT DISTINCT %s FROM %s) AS s WHERE %s)",
        Relation.columns(sink.partitions()), staged.sql(), same.sql("t", "s"));
  }

  private void add(Connection connection) throws SQLException {
    String columns = Relation.columns(table.columns());
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          String.format(
              "INSERT INTO %s (%s) SELECT %s FROM %s",
              table.name().sql(), columns, columns, staged.sql()));
    }
  }

  /** The staging tables of all attempts at this work. */
  private List<Relation> attempts() {
    try {
      List<Relation> attempts = new ArrayList<>();
      database
          .call(connection -> database.tablesBeginning(connection, table.name(), prefix()))
          .forEach(name -> attempts.add(table.name().beside(name)));
      return attempts;
    } catch (SluiceException e) {
      return List.of(staged);
    }
  }

  /** What cannot be removed is of no use to anybody, and no reason to call a run failed. */
  private void tidy(List<Relation> useless) {
    for (Relation each : useless) {
      try {
        database.drop(each);
      } catch (SluiceException e) {
        System.getLogger(JdbcStaging.class.getName()).log(System.Logger.Level.DEBUG, "drop", e);
      }
    }
  }

  @Override
  public void discard() {
    database.drop(staged);
  }
}
