package dev.sluice.connect.jdbc;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Json;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.LedgerEntry;
import dev.sluice.runtime.spi.RunFacts;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The database's table of runs that have published; only one run can have a key. */
final class JdbcLedger {
  private static final Relation TABLE = Relation.parse("sluice_ledger");

  private final Database database;

  JdbcLedger(Database database) {
    this.database = database;
  }

  void prepare(Connection connection) throws SQLException {
    database.make(
        connection,
        TABLE,
        "CREATE TABLE IF NOT EXISTS "
            + TABLE.sql()
            + " (run_key VARCHAR(512) PRIMARY KEY, entry TEXT NOT NULL)");
  }

  Optional<Commit> find(RunKey key) {
    return database.call(connection -> find(connection, key));
  }

  private Optional<Commit> find(Connection connection, RunKey key) throws SQLException {
    if (!database.hasTable(connection, TABLE)) {
      return Optional.empty();
    }
    try (PreparedStatement query =
        connection.prepareStatement("SELECT entry FROM " + TABLE.sql() + " WHERE run_key = ?")) {
      query.setString(1, key.toString());
      ResultSet found = query.executeQuery();
      return found.next()
          ? Optional.of(new Commit(LedgerEntry.parse(found.getString(1)), Optional.empty(), true))
          : Optional.empty();
    }
  }

  /** The runs that have published into a sink, by the time of their commit. */
  List<LedgerEntry> entries(String sink) {
    return database.call(this::entries).stream()
        .filter(entry -> entry.runKey().contains("/" + sink + "/"))
        .sorted(Comparator.comparing(LedgerEntry::committedAt))
        .toList();
  }

  private List<LedgerEntry> entries(Connection connection) throws SQLException {
    List<LedgerEntry> entries = new ArrayList<>();
    if (database.hasTable(connection, TABLE)) {
      try (Statement statement = connection.createStatement()) {
        ResultSet found = statement.executeQuery("SELECT entry FROM " + TABLE.sql());
        while (found.next()) {
          entries.add(LedgerEntry.parse(found.getString(1)));
        }
      }
    }
    return entries;
  }

  /**
   * Notes a run in the connection's transaction, as its first statement: from here on SQLite lets
   * no other writer in, and another run with this key waits until the transaction has ended.
   *
   * @return the commit of another run with this key; the transaction is rolled back then
   */
  Optional<Commit> note(Connection connection, RunFacts facts) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO " + TABLE.sql() + " VALUES (?, ?)")) {
      insert.setString(1, facts.runKey().toString());
      insert.setString(2, Json.line(facts.entry()));
      insert.executeUpdate();
      return Optional.empty();
    } catch (SQLException e) {
      connection.rollback();
      Optional<Commit> earlier = find(connection, facts.runKey());
      if (earlier.isPresent()) {
        return earlier;
      }
      throw e;
    }
  }

  /** Commits; a commit whose answer is lost is settled by the ledger, never guessed. */
  Commit commit(Connection connection, RunFacts facts) throws SQLException {
    try {
      connection.commit();
    } catch (SQLException e) {
      Optional<Commit> settled = settle(facts, e);
      if (settled.isEmpty()) {
        throw e;
      }
      if (!settled.get().entry().runId().equals(facts.runId())) {
        return settled.get();
      }
    }
    return new Commit(facts.entry(), Optional.empty(), false);
  }

  /**
   * The commit that a run key has after all. Not to find one is no answer while the server may
   * still be at work; to be able to note the key once more is one: the transaction before has
   * ended.
   */
  private Optional<Commit> settle(RunFacts facts, SQLException lost) {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      Optional<Commit> commit = note(connection, facts);
      connection.rollback();
      return commit;
    } catch (SQLException unreachable) {
      lost.addSuppressed(unreachable);
      throw new SluiceException(
          ErrorKind.INFRA,
          ExitCode.COMMIT_UNKNOWN,
          String.format(
              "Cannot tell whether %s was loaded: the answer to the commit was lost (%s). Run again:"
                  + " the ledger decides",
              facts.runKey().target(), Database.reason(lost)),
          lost);
    }
  }
}
