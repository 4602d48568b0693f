package dev.sluice.connect.delta;

import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.lake.MergeStaging;
import dev.sluice.runtime.lake.MergeStatement;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.RunFacts;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Merges rows into a Delta table.
 *
 * <p>Spark's MERGE makes the commit itself, and is told by settings to make the run's transaction
 * and note a part of it. Where somebody has changed the table since it was looked at, the merge is
 * done again on what is there now.
 */
final class DeltaMerge implements MergeStaging.Merge {
  private static final int ATTEMPTS = 5;

  private final LakeAccess lake;
  private final Table table;
  private final MergeStatement statement;

  DeltaMerge(LakeAccess lake, Table table, Write write) {
    this.lake = lake;
    this.table = table;
    this.statement = new MergeStatement(table, write);
  }

  @Override
  public Commit publish(Dataset<Row> staged, RunFacts facts) {
    DeltaCommit commit = new DeltaCommit(lake, table, facts);
    for (int attempt = 1; ; attempt++) {
      Optional<Commit> earlier = commit.find();
      if (earlier.isPresent()) {
        return earlier.get();
      }
      FailPoint.BEFORE_COMMIT.hit();
      try {
        merge(staged, commit);
        // No row may have been newer than the table's own: then nothing was committed.
        return commit.find().orElseGet(() -> commit.run(rows -> List.of()));
      } catch (ConcurrentModificationException e) {
        if (attempt == ATTEMPTS) {
          return commit.settle(e);
        }
      } catch (Exception e) {
        if (isBeforeCommit(e)) {
          throw e;
        }
        return commit.settle(e);
      }
    }
  }

  /** Failures of the job and of its tasks, which write files that nothing names yet. */
  private static boolean isBeforeCommit(Throwable e) {
    return e instanceof SluiceException
        || e instanceof AnalysisException
        || e instanceof SparkException;
  }

  private void merge(Dataset<Row> staged, DeltaCommit commit) {
    DeltaView there = DeltaView.latest(lake, table).orElseThrow();
    Map<String, String> settings =
        Map.of(
            "spark.databricks.delta.write.txnAppId",
            commit.transaction(),
            "spark.databricks.delta.write.txnVersion",
            Long.toString(DeltaCommit.VERSION),
            DeltaCommand.NOTE,
            commit.note());
    DeltaCommand.run(
        lake,
        settings,
        Observed.from(there.version()),
        () -> {
          statement.run(staged, there.rows(), DeltaCommand.named(lake, table));
          return null;
        });
  }
}
