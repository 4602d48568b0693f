package dev.sluice.connect.jdbc;

import dev.sluice.model.RunKey;
import dev.sluice.model.Sink;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import dev.sluice.runtime.spi.TargetChange;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/**
 * Publishes into a database table: rows are staged in a table of their own, then one transaction
 * takes them over and writes the ledger row whose key only one run can have.
 */
final class JdbcTarget implements Target {
  private final Database database;
  private final Sink.Jdbc sink;
  private final Write write;
  private final JdbcLedger ledger;
  private final JdbcTable table;

  /**
   * @param rows the rows that the job makes
   */
  JdbcTarget(Database database, Sink.Jdbc sink, Write write, StructType rows) {
    this.database = database;
    this.sink = sink;
    this.write = write;
    this.ledger = new JdbcLedger(database);
    this.table = new JdbcTable(database, sink, JdbcSinkProvider.tableOf(write, rows));
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
    return ledger.find(key);
  }

  @Override
  public Ledger ledger() {
    return new Ledger(ledger.entries(sink.name()), horizon());
  }

  /** A database forgets nothing. */
  @Override
  public Optional<Instant> horizon() {
    return Optional.empty();
  }

  @Override
  public List<TargetChange> changes() {
    return table.changes();
  }

  @Override
  public void prepare() {
    database.run(
        connection -> {
          ledger.prepare(connection);
          table.prepare(connection);
        });
  }

  @Override
  public void register() {
    database.run(table::register);
  }

  @Override
  public Staging stage(RunKey key, String runId, StructType rows) {
    return JdbcStaging.begin(database, sink, write, ledger, table, key, runId, rows);
  }
}
