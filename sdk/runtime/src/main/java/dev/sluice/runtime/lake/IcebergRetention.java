package dev.sluice.runtime.lake;

import static org.apache.iceberg.SnapshotSummary.DELETED_FILES_PROP;
import static org.apache.iceberg.SnapshotSummary.DELETED_RECORDS_PROP;
import static org.apache.iceberg.SnapshotSummary.REMOVED_FILE_SIZE_PROP;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.CloseableIterable;

/** Drops old partitions of an Iceberg table; their files go with the snapshots that hold them. */
record IcebergRetention(Table table, org.apache.iceberg.Table there, Maintenance.Retention step)
    implements Chore {

  @Override
  public MaintenanceStep plan() {
    long files = 0;
    long bytes = 0;
    long rows = 0;
    try (CloseableIterable<FileScanTask> old =
        there.newScan().filter(old().expression()).planFiles()) {
      for (FileScanTask task : old) {
        files++;
        bytes += task.file().fileSizeInBytes();
        rows += task.file().recordCount();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return MaintenanceStep.dropped(step, files, bytes, rows);
  }

  @Override
  public MaintenanceStep run(String runId) {
    if (plan().isNothing()) {
      return MaintenanceStep.nothing(step);
    }
    try {
      IcebergChores.failing(there)
          .newDelete()
          .deleteFromRowFilter(old().expression())
          .set(IcebergChores.RUN_ID, runId)
          .commit();
    } catch (CommitFailedException | ValidationException e) {
      throw IcebergCommit.conflict(table.name(), e);
    }
    FailPoint.AFTER_COMMIT.hit();
    there.refresh();
    Map<String, String> made = IcebergChores.summary(there, runId);
    return MaintenanceStep.dropped(
        step,
        IcebergChores.number(made, DELETED_FILES_PROP),
        IcebergChores.number(made, REMOVED_FILE_SIZE_PROP),
        IcebergChores.number(made, DELETED_RECORDS_PROP));
  }

  private IcebergAge old() {
    return new IcebergAge(there, step.partition(), step.age());
  }
}
