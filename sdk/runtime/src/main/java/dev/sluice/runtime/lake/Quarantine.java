package dev.sluice.runtime.lake;

import dev.sluice.model.RunKey;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.route.RowLayout;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The table of rejected rows: the row, its reasons, the run key and the time.
 *
 * <p>Always Iceberg, whatever the format of the table it serves. A run takes out what earlier
 * attempts with its run key have put in, so a retry never doubles a row.
 */
public final class Quarantine {
  /** The column with the ids of every failed expectation. */
  public static final String REASONS = "_sluice_reasons";

  /** The column with the run key. */
  public static final String RUN_KEY = "_sluice_run_key";

  /** The column with the time of rejection. */
  public static final String TIME = "_sluice_quarantined_at";

  private final Lake lake;
  private final Table table;
  private final StructType schema;
  private final IcebergTables tables;

  Quarantine(Lake lake, Table guarded) {
    this.lake = lake;
    this.table =
        new Table(
            guarded.name() + "_quarantine",
            "Rows that " + guarded.name() + " rejected, with their reasons",
            TableFormat.ICEBERG,
            guarded.columns(),
            List.of(),
            List.of(),
            null);
    this.schema =
        Schemas.spark(guarded.columns())
            .add(RowLayout.RAW, DataTypes.StringType)
            .add(REASONS, DataTypes.createArrayType(DataTypes.StringType))
            .add(RUN_KEY, DataTypes.StringType)
            .add(TIME, DataTypes.TimestampType);
    // Whole run keys in the file statistics let a retry drop the files of the attempt before it.
    this.tables =
        new IcebergTables(
            lake, table, schema, Map.of("write.metadata.metrics.column." + RUN_KEY, "full"));
  }

  /** The quarantine's name in the catalog. */
  public String name() {
    return table.name();
  }

  /** The quarantine's columns: those of its table, then Sluice's own. */
  public StructType schema() {
    return schema;
  }

  /** Makes the table, or adds the columns that its table has and it lacks. */
  public void prepare() {
    tables.prepare();
  }

  /** Begins to stage one run's bad rows. */
  public Staging stage(RunKey key, String runId) {
    return new Staged(tables.prepare(), key, runId);
  }

  private final class Staged implements Staging {
    private final org.apache.iceberg.Table there;
    private final RunKey key;
    private final IcebergStaging staging;

    Staged(org.apache.iceberg.Table there, RunKey key, String runId) {
      this.there = there;
      this.key = key;
      this.staging =
          new IcebergStaging(
              lake.spark(),
              there,
              schema,
              key.hash() + "-" + runId,
              Map.of("sluice.run-key", key.toString(), "sluice.run-id", runId),
              builder -> builder);
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
      there.refresh();
      Optional<Snapshot> staged = staging.snapshot();
      var mine = Expressions.equal(RUN_KEY, key.toString());
      if (staging.rowCount() > 0 || holds(mine)) {
        var overwrite = there.newOverwrite().overwriteByRowFilter(mine);
        staging.files().forEach(overwrite::addFile);
        overwrite.set("sluice.run-key", key.toString()).set("sluice.run-id", facts.runId());
        try {
          overwrite.commit();
        } catch (CommitFailedException | ValidationException e) {
          throw new dev.sluice.model.SluiceException(
              dev.sluice.model.ErrorKind.INFRA,
              dev.sluice.model.ExitCode.CONFLICT,
              "Cannot write to " + name() + ": " + e.getMessage() + ". Run again",
              e);
        }
      }
      // Only the staged snapshot goes: the files that it names are the table's now.
      staged.ifPresent(
          s ->
              there
                  .expireSnapshots()
                  .expireOlderThan(0)
                  .expireSnapshotId(s.snapshotId())
                  .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
                  .commit());
      return new Commit(facts.entry(), Optional.empty(), false);
    }

    private boolean holds(org.apache.iceberg.expressions.Expression filter) {
      try (CloseableIterable<?> files = there.newScan().filter(filter).planFiles()) {
        return files.iterator().hasNext();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void discard() {
      staging.discard();
    }
  }
}
