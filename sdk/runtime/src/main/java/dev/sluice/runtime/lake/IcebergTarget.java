package dev.sluice.runtime.lake;

import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.Fit;
import dev.sluice.runtime.spi.Guard;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import dev.sluice.runtime.spi.TargetChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.SupportsDynamicOverwrite;
import org.apache.spark.sql.connector.write.SupportsTruncate;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;

/** Publishes into an Iceberg table: a staged snapshot and the ledger entry in one transaction. */
final class IcebergTarget implements Target {
  private final LakeAccess lake;
  private final Table table;
  private final dev.sluice.model.Write write;
  private final IcebergTables tables;

  IcebergTarget(LakeAccess lake, Table table, dev.sluice.model.Write write) {
    this.lake = lake;
    this.table = table;
    this.write = write;
    this.tables =
        new IcebergTables(
            lake, table, Schemas.spark(table.columns()), table.partitioning(), Map.of());
  }

  @Override
  public String kind() {
    return "table";
  }

  @Override
  public String uri() {
    return lake.location(table);
  }

  @Override
  public Optional<Commit> find(RunKey key) {
    return tables.find().flatMap(there -> IcebergCommit.find(there, key));
  }

  @Override
  public Ledger ledger() {
    return Ledger.of(tables.find().map(there -> there.properties()).orElse(Map.of()));
  }

  @Override
  public List<TargetChange> changes() {
    return tables.changes();
  }

  @Override
  public Fit fit() {
    return tables.fit();
  }

  @Override
  public void prepare() {
    tables.prepare();
  }

  @Override
  public List<String> words() {
    return tables.words();
  }

  @Override
  public void register() {
    tables.register();
  }

  @Override
  public Staging stage(RunKey key, String runId, StructType schema) {
    org.apache.iceberg.Table there = tables.prepare();
    Table landing = fit().landing(table);
    return write.mode().merges()
        ? new MergeStaging(
            lake, landing, write, runId, new IcebergMerge(lake, there, landing, write))
        : new Staged(there, key, runId, schema);
  }

  private IcebergStaging.Mode mode() {
    return switch (write.mode()) {
      case APPEND -> builder -> builder;
      case REPLACE_PARTITIONS ->
          builder -> ((SupportsDynamicOverwrite) builder).overwriteDynamicPartitions();
      case REPLACE_TABLE -> builder -> ((SupportsTruncate) builder).truncate();
      case UPSERT, APPLY_CHANGES, HISTORY ->
          throw new IllegalStateException("rows that merge are staged apart");
    };
  }

  private final class Staged implements Staging {
    private final org.apache.iceberg.Table there;
    private final RunKey key;
    private final IcebergStaging staging;

    Staged(org.apache.iceberg.Table there, RunKey key, String runId, StructType schema) {
      this.there = there;
      this.key = key;
      this.staging =
          new IcebergStaging(
              lake.spark(),
              there,
              schema,
              key.hash() + "-" + runId,
              Map.of(IcebergCommit.SUMMARY_RUN_KEY, key.toString(), "sluice.run-id", runId),
              mode());
    }

    @Override
    public Write write() {
      return staging.write();
    }

    @Override
    public void staged(WriterCommitMessage[] messages) {
      staging.staged(messages);
    }

    @Override
    public long rowCount() {
      return staging.snapshot().addedRows();
    }

    @Override
    public Optional<Files> files() {
      return Optional.of(staging.snapshot().addedFiles());
    }

    @Override
    public Optional<Dataset<Row>> rows(SparkSession spark) {
      return Optional.of(staging.rows());
    }

    @Override
    public void verify() {
      staging.snapshot().requireKey(lake);
    }

    @Override
    public Commit publish(RunFacts facts) {
      Optional<Snapshot> snapshot = staging.snapshot().find();
      there.refresh();
      Optional<Commit> earlier = IcebergCommit.find(there, key);
      if (earlier.isPresent() && Guard.LEDGER_AT_COMMIT.holds()) {
        discard();
        return earlier.get();
      }
      try {
        return IcebergCommit.run(there, table.name(), facts, rows -> pick(rows, snapshot));
      } catch (CommitFailedException | ValidationException e) {
        there.refresh();
        Optional<Commit> own = IcebergCommit.own(there, facts);
        if (own.isPresent()) {
          return own.get();
        }
        Optional<Commit> faster = IcebergCommit.find(there, key);
        discard();
        return faster.orElseThrow(() -> IcebergCommit.conflict(table.name(), e));
      } catch (SluiceException unknown) {
        if (!Guard.FILES_IN_DOUBT.holds()) {
          discard();
        }
        throw unknown;
      }
    }

    private static void pick(Transaction rows, Optional<Snapshot> snapshot) {
      snapshot.ifPresent(s -> rows.manageSnapshots().cherrypick(s.snapshotId()).commit());
    }

    @Override
    public void discard() {
      staging.snapshot().discard();
    }
  }
}
