package dev.sluice.runtime.lake;

import static org.apache.iceberg.SnapshotSummary.DELETED_FILES_PROP;
import static org.apache.iceberg.SnapshotSummary.REMOVED_FILE_SIZE_PROP;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.spark.actions.ExpireSnapshotsSparkAction;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.iceberg.util.SnapshotUtil;

/**
 * Expires snapshots of an Iceberg table.
 *
 * <p>What counts is since when a snapshot is no longer the current one, and not when it was made: a
 * reader may have begun a moment before an old table was written again. A staged snapshot that
 * nobody has published counts from when it was made. The ledger stands among the table's
 * properties, and forgets nothing by this.
 */
record IcebergExpiry(
    LakeAccess lake, Table table, org.apache.iceberg.Table there, Maintenance.Expiry step)
    implements Chore {

  @Override
  public MaintenanceStep plan() {
    List<Snapshot> expired = expired();
    Set<Long> ids = new HashSet<>();
    expired.forEach(snapshot -> ids.add(snapshot.snapshotId()));
    long files = 0;
    long bytes = 0;
    for (Snapshot snapshot : there.snapshots()) { // those whose last holder goes
      if (snapshot.parentId() != null && ids.contains(snapshot.parentId())) {
        files += IcebergChores.number(snapshot.summary(), DELETED_FILES_PROP);
        bytes += IcebergChores.number(snapshot.summary(), REMOVED_FILE_SIZE_PROP);
      }
    }
    return MaintenanceStep.expired(step, expired.size(), files, bytes);
  }

  @Override
  public MaintenanceStep run(String runId) {
    List<Snapshot> expired = expired();
    if (expired.isEmpty()) {
      return MaintenanceStep.nothing(step);
    }
    Removal removal = new Removal(there.io());
    ExpireSnapshotsSparkAction action =
        SparkActions.get(lake.spark())
            .expireSnapshots(IcebergChores.failing(there))
            .expireOlderThan(0) // of the others, none
            .deleteWith(removal);
    expired.forEach(snapshot -> action.expireSnapshotId(snapshot.snapshotId()));
    expire(action);
    FailPoint.AFTER_COMMIT.hit();
    return MaintenanceStep.expired(step, expired.size(), removal.files(), removal.bytes());
  }

  private void expire(ExpireSnapshotsSparkAction action) {
    try {
      action.execute();
    } catch (IllegalArgumentException e) { // one of them is published by now
      throw IcebergCommit.conflict(table.name(), e);
    }
  }

  private List<Snapshot> expired() {
    Set<Long> kept = kept();
    Map<Long, Long> left = leftBehind();
    long cutoff = IcebergChores.before(step.age());
    return StreamSupport.stream(there.snapshots().spliterator(), false)
        .filter(snapshot -> !kept.contains(snapshot.snapshotId()))
        .filter(s -> left.getOrDefault(s.snapshotId(), s.timestampMillis()) < cutoff)
        .toList();
  }

  /** The last ones of the table, and all that somebody has given a name to. */
  private Set<Long> kept() {
    Set<Long> kept = new HashSet<>();
    there
        .refs()
        .forEach((name, ref) -> ancestors(ref.snapshotId(), limit(name, ref)).forEach(kept::add));
    return kept;
  }

  private long limit(String name, SnapshotRef ref) {
    if (name.equals(SnapshotRef.MAIN_BRANCH)) {
      return step.keep();
    }
    return ref.isTag() ? 1 : Long.MAX_VALUE;
  }

  private List<Long> ancestors(long from, long limit) {
    return StreamSupport.stream(
            SnapshotUtil.ancestorsOf(from, there::snapshot).spliterator(), false)
        .limit(limit)
        .map(Snapshot::snapshotId)
        .toList();
  }

  /** When each snapshot that was the current one gave way to the next; in milliseconds. */
  private Map<Long, Long> leftBehind() {
    Map<Long, Long> left = new HashMap<>();
    HistoryEntry before = null;
    for (HistoryEntry entry : there.history()) {
      if (before != null) {
        left.put(before.snapshotId(), entry.timestampMillis());
      }
      before = entry;
    }
    return left;
  }
}
