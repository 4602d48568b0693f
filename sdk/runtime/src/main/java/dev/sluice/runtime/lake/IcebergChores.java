package dev.sluice.runtime.lake;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;

/** What keeps Iceberg tables in order: Iceberg's own actions, with what they leave open decided. */
final class IcebergChores {
  /** What the summary of a snapshot says that a run of maintenance has made. */
  static final String RUN_ID = "sluice.run-id";

  private IcebergChores() {}

  static Chore of(LakeAccess lake, Table table, org.apache.iceberg.Table there, Maintenance step) {
    if (step instanceof Maintenance.Compaction compaction) {
      return new IcebergCompaction(lake, table, there, compaction);
    }
    if (step instanceof Maintenance.Expiry expiry) {
      return new IcebergExpiry(lake, table, there, expiry);
    }
    if (step instanceof Maintenance.OrphanRemoval removal) {
      return new IcebergOrphans(lake, table, there, removal);
    }
    if (step instanceof Maintenance.Statistics statistics) {
      return new IcebergStatistics(lake, table, there, statistics);
    }
    if (step instanceof Maintenance.Tiering tiering) {
      return new StorageTiering(lake, tiering, () -> oldFiles(there, tiering));
    }
    return new IcebergRetention(table, there, (Maintenance.Retention) step);
  }

  private static List<String> oldFiles(org.apache.iceberg.Table there, Maintenance.Tiering step) {
    Expression old = new IcebergAge(there, step.partition(), step.age()).expression();
    List<String> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = there.newScan().filter(old).planFiles()) {
      for (FileScanTask task : tasks) {
        files.add(task.file().location());
        task.deletes().forEach(deletes -> files.add(deletes.location()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** The same table; its commits can be made to fail. */
  static org.apache.iceberg.Table failing(org.apache.iceberg.Table there) {
    return new BaseTable(
        new CheckedCommit(
            ((HasTableOperations) there).operations(), base -> FailPoint.BEFORE_COMMIT.hit()),
        there.name());
  }

  /** The summary of the snapshot that a run has made last. */
  static Map<String, String> summary(org.apache.iceberg.Table there, String runId) {
    Optional<Snapshot> made = Optional.empty();
    for (Snapshot snapshot : there.snapshots()) {
      if (runId.equals(snapshot.summary().get(RUN_ID))) {
        made = Optional.of(snapshot);
      }
    }
    return made.map(Snapshot::summary).orElse(Map.of());
  }

  static long number(Map<String, String> summary, String name) {
    return Long.parseLong(summary.getOrDefault(name, "0"));
  }

  static long before(java.time.Duration age) {
    return Instant.now().minus(age).toEpochMilli();
  }
}
