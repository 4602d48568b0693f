package dev.sluice.runtime.lake;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.LedgerEntry;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
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
  private static final String SUMMARY_RUN_KEY = "sluice.run-key";

  private final Lake lake;
  private final Table table;
  private final dev.sluice.model.Write write;
  private final IcebergTables tables;

  IcebergTarget(Lake lake, Table table, dev.sluice.model.Write write) {
    this.lake = lake;
    this.table = table;
    this.write = write;
    this.tables =
        new IcebergTables(
            lake,
            table,
            Schemas.spark(table.columns()),
            builder -> {
              table.partitions().forEach(builder::identity);
              return builder;
            },
            Map.of());
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
    return tables.find().flatMap(there -> find(there, key));
  }

  private static Optional<Commit> find(org.apache.iceberg.Table there, RunKey key) {
    return Optional.ofNullable(there.properties().get(RunFacts.ledgerProperty(key)))
        .map(LedgerEntry::parse)
        .map(entry -> new Commit(entry, snapshotOf(there, key), true));
  }

  /** The snapshot that a run with this key has published, unless it has expired. */
  private static Optional<String> snapshotOf(org.apache.iceberg.Table there, RunKey key) {
    Snapshot snapshot = there.currentSnapshot();
    while (snapshot != null) {
      if (isOf(key, snapshot.summary())) {
        return Optional.of(Long.toString(snapshot.snapshotId()));
      }
      snapshot = snapshot.parentId() == null ? null : there.snapshot(snapshot.parentId());
    }
    return Optional.empty();
  }

  /** A snapshot picked onto another's work keeps only the id of its staging, not the run key. */
  private static boolean isOf(RunKey key, Map<String, String> summary) {
    return key.toString().equals(summary.get(SUMMARY_RUN_KEY))
        || summary
            .getOrDefault(SnapshotSummary.PUBLISHED_WAP_ID_PROP, "")
            .startsWith(key.hash() + "-");
  }

  @Override
  public List<String> changes() {
    return tables.changes();
  }

  @Override
  public void prepare() {
    tables.prepare();
  }

  @Override
  public void register() {
    tables.register();
  }

  @Override
  public Staging stage(RunKey key, String runId, StructType schema) {
    org.apache.iceberg.Table there = tables.prepare();
    return new Staged(there, key, runId, schema);
  }

  private IcebergStaging.Mode mode() {
    return switch (write) {
      case APPEND -> builder -> builder;
      case REPLACE_PARTITIONS ->
          builder -> ((SupportsDynamicOverwrite) builder).overwriteDynamicPartitions();
      case REPLACE_TABLE -> builder -> ((SupportsTruncate) builder).truncate();
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
              Map.of(SUMMARY_RUN_KEY, key.toString(), "sluice.run-id", runId),
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
      return staging.rowCount();
    }

    @Override
    public Optional<Dataset<Row>> rows(SparkSession spark) {
      return Optional.of(staging.rows());
    }

    @Override
    public Commit publish(RunFacts facts) {
      Optional<Snapshot> snapshot = staging.snapshot();
      there.refresh();
      Optional<Commit> earlier = find(there, key);
      if (earlier.isPresent()) {
        staging.discard();
        return earlier.get();
      }
      try {
        Transaction transaction = there.newTransaction();
        snapshot.ifPresent(s -> transaction.manageSnapshots().cherrypick(s.snapshotId()).commit());
        UpdateProperties properties = transaction.updateProperties();
        facts.properties().forEach(properties::set);
        properties.commit();
        transaction.commitTransaction();
      } catch (CommitStateUnknownException e) {
        throw new SluiceException(
            ErrorKind.INFRA,
            ExitCode.COMMIT_UNKNOWN,
            String.format(
                "Cannot tell whether %s was published: the catalog's answer was lost. Run again"
                    + " with the same interval: the ledger decides",
                table.name()),
            e);
      } catch (CommitFailedException | ValidationException e) {
        return conflict(e);
      }
      there.refresh();
      return new Commit(facts.entry(), snapshotOf(there, key), false);
    }

    /** Another writer was faster: with this run's work, or with work of its own. */
    private Commit conflict(RuntimeException e) {
      there.refresh();
      Optional<Commit> earlier = find(there, key);
      staging.discard();
      return earlier.orElseThrow(
          () ->
              new SluiceException(
                  ErrorKind.INFRA,
                  ExitCode.CONFLICT,
                  String.format(
                      "Cannot publish %s: another writer changed it meanwhile (%s). Run again",
                      table.name(), e.getMessage()),
                  e));
    }

    @Override
    public void discard() {
      staging.discard();
    }
  }
}
