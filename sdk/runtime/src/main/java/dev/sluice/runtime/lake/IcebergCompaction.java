package dev.sluice.runtime.lake;

import static org.apache.iceberg.SnapshotSummary.ADDED_FILE_SIZE_PROP;

import dev.sluice.model.Json;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Maintenance.Order;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.actions.BinPackRewriteFilePlanner;
import org.apache.iceberg.actions.RewriteDataFiles;
import org.apache.iceberg.actions.RewriteFileGroup;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.spark.actions.RewriteDataFilesSparkAction;
import org.apache.iceberg.spark.actions.SparkActions;

/**
 * Rewrites the files of an Iceberg table into fewer, in one commit.
 *
 * <p>What others append meanwhile stays; where they have changed the same files, the commit is
 * refused. The step stands in the snapshot's summary: what it has just compacted is left alone.
 */
record IcebergCompaction(
    LakeAccess lake, Table table, org.apache.iceberg.Table there, Maintenance.Compaction step)
    implements Chore {
  private static final String DONE = "sluice.compaction";

  private Map<String, String> options() {
    return Map.of(
        RewriteDataFiles.TARGET_FILE_SIZE_BYTES,
        Long.toString(step.targetBytes()),
        BinPackRewriteFilePlanner.MIN_INPUT_FILES,
        "2");
  }

  @Override
  public MaintenanceStep plan() {
    Snapshot current = there.currentSnapshot();
    if (current == null || Json.line(step).equals(current.summary().get(DONE))) {
      return MaintenanceStep.nothing(step);
    }
    BinPackRewriteFilePlanner planner = new BinPackRewriteFilePlanner(there);
    planner.init(options());
    long files = 0;
    long bytes = 0;
    long written = 0;
    try (CloseableIterable<RewriteFileGroup> groups = planner.plan().groups()) {
      for (RewriteFileGroup group : groups) {
        files += group.inputFileNum();
        bytes += group.inputFilesSizeInBytes();
        written += group.expectedOutputFiles();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return MaintenanceStep.rewritten(step, files, bytes, written, bytes);
  }

  @Override
  public MaintenanceStep run(String runId) {
    if (plan().isNothing()) {
      return MaintenanceStep.nothing(step);
    }
    RewriteDataFilesSparkAction action =
        SparkActions.get(lake.spark()).rewriteDataFiles(IcebergChores.failing(there));
    action.options(options());
    action.snapshotProperty(DONE, Json.line(step));
    action.snapshotProperty(IcebergChores.RUN_ID, runId);
    RewriteDataFiles.Result result = rewrite(ordered(action));
    FailPoint.AFTER_COMMIT.hit();
    there.refresh();
    return MaintenanceStep.rewritten(
        step,
        result.rewrittenDataFilesCount(),
        result.rewrittenBytesCount(),
        result.addedDataFilesCount(),
        IcebergChores.number(IcebergChores.summary(there, runId), ADDED_FILE_SIZE_PROP));
  }

  private RewriteDataFilesSparkAction ordered(RewriteDataFilesSparkAction action) {
    List<String> by = step.by();
    if (step.order() == Order.Z_ORDER) {
      return action.zOrder(by.toArray(String[]::new));
    }
    if (step.order() == Order.NONE) {
      return action.binPack();
    }
    SortOrder.Builder order = SortOrder.builderFor(there.schema());
    by.forEach(column -> order.asc(column, NullOrder.NULLS_FIRST));
    return action.sort(order.build());
  }

  private RewriteDataFiles.Result rewrite(RewriteDataFilesSparkAction action) {
    try {
      return action.execute();
    } catch (RuntimeException e) {
      if (e.getCause() instanceof CommitFailedException
          || e.getCause() instanceof ValidationException) {
        throw IcebergCommit.conflict(table.name(), (RuntimeException) e.getCause());
      }
      throw e;
    }
  }
}
