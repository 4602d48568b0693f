package dev.sluice.runtime.lake;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StatisticsFile;
import org.apache.iceberg.actions.ComputeTableStats;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.spark.actions.SparkActions;

/**
 * Counts the different values of an Iceberg table's columns, once for a snapshot, into a file of
 * the table's. It goes with its snapshot.
 */
record IcebergStatistics(
    LakeAccess lake, Table table, org.apache.iceberg.Table there, Maintenance.Statistics step)
    implements Chore {

  @Override
  public MaintenanceStep plan() {
    Snapshot current = there.currentSnapshot();
    boolean done =
        current == null
            || there.statisticsFiles().stream()
                .anyMatch(file -> file.snapshotId() == current.snapshotId());
    return done ? MaintenanceStep.nothing(step) : MaintenanceStep.rewritten(step, 0, 0, 1, 0);
  }

  @Override
  public MaintenanceStep run(String runId) {
    if (plan().isNothing()) {
      return MaintenanceStep.nothing(step);
    }
    ComputeTableStats action =
        SparkActions.get(lake.spark()).computeTableStats(IcebergChores.failing(there));
    if (!step.columns().isEmpty()) {
      action.columns(step.columns().toArray(String[]::new));
    }
    StatisticsFile file = compute(action);
    FailPoint.AFTER_COMMIT.hit();
    return MaintenanceStep.rewritten(step, 0, 0, 1, file.fileSizeInBytes());
  }

  private StatisticsFile compute(ComputeTableStats action) {
    try {
      return action.execute().statisticsFile();
    } catch (CommitFailedException e) {
      throw IcebergCommit.conflict(table.name(), e);
    }
  }
}
