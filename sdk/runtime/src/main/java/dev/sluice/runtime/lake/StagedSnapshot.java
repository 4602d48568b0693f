package dev.sluice.runtime.lake;

import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.Staging;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.spark.sql.SparkSession;

/**
 * A snapshot of an Iceberg table that no branch points to (write-audit-publish), known by the id of
 * its staging.
 */
record StagedSnapshot(Table table, String wapId) {
  private static final String WAP_ID = "spark.wap.id";

  /** What the call commits, or the write commits that it makes, is staged under this id. */
  <T> T staging(SparkSession spark, Supplier<T> call) {
    spark.conf().set(WAP_ID, wapId);
    try {
      return call.get();
    } finally {
      spark.conf().unset(WAP_ID);
    }
  }

  /** The snapshot; absent where there was nothing to stage. */
  Optional<Snapshot> find() {
    Snapshot newest = null;
    for (Snapshot snapshot : table.snapshots()) {
      if (wapId.equals(snapshot.summary().get(SnapshotSummary.STAGED_WAP_ID_PROP))) {
        newest = snapshot;
      }
    }
    return Optional.ofNullable(newest);
  }

  long addedRows() {
    return told(SnapshotSummary.ADDED_RECORDS_PROP);
  }

  Staging.Files addedFiles() {
    return new Staging.Files(
        told(SnapshotSummary.ADDED_FILES_PROP), told(SnapshotSummary.ADDED_FILE_SIZE_PROP));
  }

  private long told(String property) {
    return find().map(s -> s.summary().getOrDefault(property, "0")).map(Long::parseLong).orElse(0L);
  }

  /** The files that it adds; none where nothing is staged. */
  List<DataFile> added() {
    List<DataFile> files = new ArrayList<>();
    changes().ifPresent(made -> made.addedDataFiles().forEach(file -> files.add(file.copy())));
    return files;
  }

  /** The files that it replaces. */
  List<DataFile> removed() {
    List<DataFile> files = new ArrayList<>();
    changes().ifPresent(made -> made.removedDataFiles().forEach(file -> files.add(file.copy())));
    return files;
  }

  private Optional<SnapshotChanges> changes() {
    return find().map(staged -> SnapshotChanges.builderFor(table).snapshot(staged).build());
  }

  /** Refuses it where S3 has not encrypted it with the lake's key. */
  void requireKey(LakeAccess lake) {
    KmsOfS3.require(lake, table, find(), added().stream().map(DataFile::location).toList());
  }

  /** Forgets the snapshot; its files stay, for they are the table's now. */
  void forget() {
    find()
        .ifPresent(
            staged ->
                table
                    .expireSnapshots()
                    .expireOlderThan(0)
                    .expireSnapshotId(staged.snapshotId())
                    .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
                    .commit());
  }

  /** Forgets the snapshot and removes the files that it adds. */
  void discard() {
    List<DataFile> files = added();
    forget();
    files.forEach(file -> table.io().deleteFile(file.location()));
  }
}
