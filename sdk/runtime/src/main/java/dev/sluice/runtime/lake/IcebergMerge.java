package dev.sluice.runtime.lake;

import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.Guard;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.RunFacts;
import java.util.Optional;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Merges rows into an Iceberg table.
 *
 * <p>Spark's MERGE is staged as a snapshot that no branch points to. What it replaces and adds is
 * then committed together with the ledger entry, on the condition that nobody has added or removed
 * rows since; where somebody has, the merge is done again on what is there now.
 */
final class IcebergMerge implements MergeStaging.Merge {
  private static final int ATTEMPTS = 5;

  private final LakeAccess lake;
  private final org.apache.iceberg.Table there;
  private final Table table;
  private final MergeStatement statement;

  IcebergMerge(LakeAccess lake, org.apache.iceberg.Table there, Table table, Write write) {
    this.lake = lake;
    this.there = there;
    this.table = table;
    this.statement = new MergeStatement(table, write);
  }

  @Override
  public Commit publish(Dataset<Row> staged, RunFacts facts) {
    String name = Lake.CATALOG + "." + table.name();
    for (int attempt = 1; ; attempt++) {
      there.refresh();
      Optional<Commit> earlier = IcebergCommit.find(there, facts.runKey());
      if (earlier.isPresent()) {
        return earlier.get();
      }
      StagedSnapshot merged =
          new StagedSnapshot(
              there, facts.runKey().hash() + "-" + facts.runId() + "-merge-" + attempt);
      try {
        Optional<Snapshot> base = Optional.ofNullable(there.currentSnapshot());
        Dataset<Row> before = IcebergProvider.rows(lake, table, base);
        merged.staging(lake.spark(), () -> statement.run(staged, before, name));
        there.refresh();
        requireKey(merged);
        Commit commit =
            IcebergCommit.run(
                there, table.name(), facts, rows -> replay(rows, merged, base, facts));
        merged.forget();
        return commit;
      } catch (CommitFailedException | ValidationException e) {
        there.refresh();
        Optional<Commit> own = IcebergCommit.own(there, facts);
        if (own.isPresent()) {
          return own.get();
        }
        merged.discard();
        if (attempt == ATTEMPTS) {
          throw IcebergCommit.conflict(table.name(), e);
        }
      }
    }
  }

  private void requireKey(StagedSnapshot merged) {
    try {
      merged.requireKey(lake);
    } catch (SluiceException e) {
      merged.discard();
      throw e;
    }
  }

  /** What the merge has found out to replace and add, if the table is still what it looked at. */
  private static void replay(
      Transaction transaction, StagedSnapshot merged, Optional<Snapshot> base, RunFacts facts) {
    if (merged.find().isEmpty()) {
      return; // every row was older than the table's own
    }
    OverwriteFiles rows = transaction.newOverwrite();
    merged.removed().forEach(rows::deleteFile);
    merged.added().forEach(rows::addFile);
    if (Guard.MERGE_BASE.holds()) {
      base.ifPresent(snapshot -> rows.validateFromSnapshot(snapshot.snapshotId()));
      rows.conflictDetectionFilter(Expressions.alwaysTrue())
          .validateNoConflictingData()
          .validateNoConflictingDeletes();
    }
    rows.set(IcebergCommit.SUMMARY_RUN_KEY, facts.runKey().toString())
        .set("sluice.run-id", facts.runId())
        .commit();
  }
}
