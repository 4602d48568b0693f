package dev.sluice.runtime.lake;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Partition;
import dev.sluice.model.RunKey;
import dev.sluice.model.Table;
import dev.sluice.runtime.route.Fitted;
import dev.sluice.runtime.route.RowLayout;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.analysis.NoSuchTableException;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.types.StructType;

/**
 * The table of rejected rows: the row, its reasons, the run key and the time.
 *
 * <p>Always Iceberg, whatever the format of the table it serves. A run takes out what earlier
 * attempts with its run key have put in, so a retry never doubles a row.
 */
public final class Quarantine {
  /** What its name has after that of its table. */
  static final String SUFFIX = "_quarantine";

  private final Lake lake;
  private final Table table;
  private final StructType schema;
  private final IcebergTables tables;

  Quarantine(Lake lake, Table guarded) {
    this.lake = lake;
    this.table =
        Table.iceberg(guarded.name() + SUFFIX)
            .describedAs("Rows that " + guarded.name() + " rejected, with their reasons")
            .withColumns(guarded.columns().stream().map(Quarantine::stored).toList())
            .evolving(guarded.evolves().ofRejected());
    this.schema = RowLayout.quarantine(Schemas.spark(guarded.columns()));
    // Whole run keys in the file statistics let a retry drop the files of the attempt before it.
    this.tables =
        new IcebergTables(
            lake,
            table,
            schema,
            List.of(Partition.day(RowLayout.TIME)),
            Map.of(
                "write.metadata.metrics.column." + RowLayout.RUN_KEY,
                "full",
                // Bad rows come as they come: a task keeps a file open for each day it meets.
                "write.spark.fanout.enabled",
                "true"));
  }

  /** The column as Iceberg has it, which knows no integers below {@code int}. */
  private static dev.sluice.model.Column stored(dev.sluice.model.Column column) {
    String type = column.type().replaceAll("(?<=^|[<,:])(tinyint|smallint)(?=$|[,>])", "int");
    return new dev.sluice.model.Column(column.name(), type, column.comment());
  }

  /** The quarantine's name in the catalog. */
  public String name() {
    return table.name();
  }

  /** With what keeps it in order; a run takes out whole files of its own, which thus must stay. */
  Companion companion() {
    List<Maintenance> steps = new ArrayList<>(Companion.removals(lake.config()));
    Duration kept = lake.config().lakeQuarantineKept();
    if (!kept.isZero()) {
      steps.add(Maintenance.dropOlderThan(kept, RowLayout.TIME));
    }
    return new Companion(table, steps);
  }

  /** The quarantine's columns: those of its table, then Sluice's own. */
  public StructType schema() {
    return schema;
  }

  /** Makes the table, or adds the columns that its table has and it lacks. */
  public void prepare() {
    tables.prepare();
  }

  /** All rows that wait here, or waited; empty where nothing was ever rejected. */
  public Optional<Dataset<Row>> rows() {
    return lake.table(name());
  }

  /**
   * Marks the rows of one run that its table has after all, in one commit.
   *
   * @param keys the keys that the table has
   * @param same true where a row of this quarantine and a key belong together
   */
  public void mark(RunKey key, Dataset<Row> keys, Column same, RunKey replay) {
    Column ofRun = col(RowLayout.RUN_KEY).equalTo(key.toString());
    Dataset<Row> rows = rows().orElseThrow().where(ofRun);
    Column mark = coalesce(col(RowLayout.REPLAYED_BY), lit(replay.toString()));
    Dataset<Row> published = rows.join(keys, same, "left_semi");
    try {
      published
          .withColumn(RowLayout.REPLAYED_BY, mark)
          .unionByName(rows.join(keys, same, "left_anti"))
          .writeTo(Lake.CATALOG + "." + name())
          .overwrite(ofRun);
    } catch (NoSuchTableException e) {
      throw new IllegalStateException("its rows have just been read", e);
    }
  }

  /** Begins to stage one run's bad rows. */
  public Staging stage(RunKey key, String runId) {
    StructType landing = tables.fit().landing(schema);
    return Fitted.of(new Staged(tables.prepare(), key, runId, landing), schema, landing);
  }

  private final class Staged implements Staging {
    private final org.apache.iceberg.Table there;
    private final RunKey key;
    private final IcebergStaging staging;

    Staged(org.apache.iceberg.Table there, RunKey key, String runId, StructType landing) {
      this.there = there;
      this.key = key;
      this.staging =
          new IcebergStaging(
              lake.spark(),
              there,
              landing,
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
      return staging.snapshot().addedRows();
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
      there.refresh();
      var mine = Expressions.equal(RowLayout.RUN_KEY, key.toString());
      if (staging.snapshot().addedRows() > 0 || holds(mine)) {
        var overwrite = there.newOverwrite().overwriteByRowFilter(mine);
        staging.snapshot().added().forEach(overwrite::addFile);
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
      staging.snapshot().forget();
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
      staging.snapshot().discard();
    }
  }
}
