package dev.sluice.connect.delta;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.LedgerEntry;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.SnapshotImpl;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.DeltaAnalysisException;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** A Delta table as it stands, read from its log; needs no Spark but for the rows. */
final class DeltaView {
  private static final String TOO_OLD =
      "DELTA_UNSUPPORTED_TIME_TRAVEL_BEYOND_DELETED_FILE_RETENTION_DURATION";

  private final LakeAccess lake;
  private final Table table;
  private final Engine engine;
  private final SnapshotImpl snapshot;

  private DeltaView(LakeAccess lake, Table table, Engine engine, SnapshotImpl snapshot) {
    this.lake = lake;
    this.table = table;
    this.engine = engine;
    this.snapshot = snapshot;
  }

  /** The newest version of the table, if it has a log. */
  static Optional<DeltaView> latest(LakeAccess lake, Table table) {
    Engine engine = DefaultEngine.create(lake.hadoop());
    String root = lake.location(table);
    try {
      var found = io.delta.kernel.Table.forPath(engine, root).getLatestSnapshot(engine);
      return Optional.of(new DeltaView(lake, table, engine, (SnapshotImpl) found));
    } catch (TableNotFoundException e) {
      return Optional.empty();
    }
  }

  /** A version of the table, which must still be kept. */
  static DeltaView at(LakeAccess lake, Table table, long version) {
    Engine engine = DefaultEngine.create(lake.hadoop());
    try {
      var found =
          io.delta.kernel.Table.forPath(engine, lake.location(table))
              .getSnapshotAsOfVersion(engine, version);
      return new DeltaView(lake, table, engine, (SnapshotImpl) found);
    } catch (TableNotFoundException e) {
      throw Lake.missing(table);
    } catch (KernelException e) {
      throw Lake.expired(table, Long.toString(version));
    }
  }

  long version() {
    return snapshot.getVersion();
  }

  StructType columns() {
    return (StructType) DataType.fromJson(snapshot.getMetadata().getSchemaString());
  }

  List<String> partitions() {
    return snapshot.getPartitionColumnNames();
  }

  /** The table's properties. */
  Map<String, String> properties() {
    return snapshot.getMetadata().getConfiguration();
  }

  /** What the writer of this version has noted; empty where nothing. */
  String note() {
    return entry(version()).map(LogEntry::note).orElse("");
  }

  /**
   * The rows of just this version.
   *
   * @throws SluiceException of kind SOURCE where its files may be removed by now
   */
  Dataset<Row> rows() {
    String version = Long.toString(version());
    try {
      return lake.spark()
          .read()
          .format("delta")
          .option("versionAsOf", version)
          .load(lake.location(table));
    } catch (Exception e) {
      if (e instanceof DeltaAnalysisException refused && TOO_OLD.equals(refused.getCondition())) {
        throw Lake.expired(table, version);
      }
      throw e;
    }
  }

  /**
   * The commit that a run with this key has made.
   *
   * @throws SluiceException of kind CONTRACT where there is one that the log no longer tells of
   */
  Optional<Commit> find(RunKey key) {
    return snapshot
        .getLatestTransactionVersion(engine, LogEntry.transaction(key))
        .map(done -> commitOf(key));
  }

  /** The log remembers for ever that a run was, but its commit only for some time. */
  private Commit commitOf(RunKey key) {
    for (long version = version(); version >= 0; version--) {
      Optional<LogEntry> entry = entry(version);
      if (entry.isEmpty()) {
        break;
      }
      if (entry.get().transactions().contains(LogEntry.transaction(key))) {
        return new Commit(entry.get().ledger(), Optional.of(Long.toString(version)), true);
      }
    }
    throw SluiceException.contract(
        "Cannot run %s again: table %s has its rows already, from a commit that its log no longer"
            + " tells of (delta.logRetentionDuration). Nothing is to be done; to write the rows"
            + " once more, use another interval",
        key, table.name());
  }

  /** All runs that the log tells of; those before its first commit it may have forgotten. */
  Ledger ledger() {
    List<LedgerEntry> entries = new ArrayList<>();
    Optional<Instant> oldest = Optional.empty();
    for (long version = version(); version >= 0; version--) {
      Optional<LogEntry> entry = entry(version);
      if (entry.isEmpty()) {
        return new Ledger(entries, oldest);
      }
      oldest = Optional.of(entry.get().time());
      if (entry.get().ofRun()) {
        entries.add(0, entry.get().ledger());
      }
    }
    return new Ledger(entries, Optional.empty());
  }

  private Optional<LogEntry> entry(long version) {
    Path file =
        new Path(lake.location(table), "_delta_log/" + String.format("%020d.json", version));
    try (var in = file.getFileSystem(lake.hadoop()).open(file)) {
      return Optional.of(LogEntry.read(in));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new SluiceException(
          ErrorKind.INFRA,
          String.format(
              "Cannot read the log of %s: %s. Check the network and the rights on that place, then"
                  + " run again",
              table.name(), e.getMessage()),
          e);
    }
  }
}
