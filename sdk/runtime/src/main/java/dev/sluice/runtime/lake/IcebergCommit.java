package dev.sluice.runtime.lake;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.Guard;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.RunFacts;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * The one commit of a run into an Iceberg table: its rows, and the ledger entry among the table's
 * properties, for the expiry of snapshots forgets their summaries.
 */
final class IcebergCommit {
  /** What the summary of a run's snapshot says. */
  static final String SUMMARY_RUN_KEY = "sluice.run-key";

  private IcebergCommit() {}

  /** The commit that a run with this key has made. */
  static Optional<Commit> find(Table there, RunKey key) {
    return Ledger.find(there.properties(), key)
        .map(entry -> new Commit(entry, snapshotOf(there, key), true));
  }

  /** The snapshot that a run with this key has published, unless it has expired. */
  private static Optional<String> snapshotOf(Table there, RunKey key) {
    Snapshot snapshot = there.currentSnapshot();
    while (snapshot != null) {
      if (isOf(key, snapshot.summary())) {
        return Optional.of(Long.toString(snapshot.snapshotId()));
      }
      snapshot = snapshot.parentId() == null ? null : there.snapshot(snapshot.parentId());
    }
    return Optional.empty();
  }

  /** A snapshot picked onto another's work keeps only the id of its staging, not the run key. */
  private static boolean isOf(RunKey key, Map<String, String> summary) {
    return key.toString().equals(summary.get(SUMMARY_RUN_KEY))
        || summary
            .getOrDefault(SnapshotSummary.PUBLISHED_WAP_ID_PROP, "")
            .startsWith(key.hash() + "-");
  }

  /**
   * Commits rows and ledger entry together.
   *
   * @param rows puts the rows into the transaction
   * @throws org.apache.iceberg.exceptions.CommitFailedException or a ValidationException where
   *     another writer was faster
   */
  static Commit run(Table there, String name, RunFacts facts, Consumer<Transaction> rows) {
    try {
      Transaction transaction =
          CheckedCommit.transaction(there, base -> requireUnknown(base.properties(), facts));
      rows.accept(transaction);
      UpdateProperties properties = transaction.updateProperties();
      Ledger.note(there.properties(), facts, properties::set, properties::remove);
      properties.commit();
      FailPoint.BEFORE_COMMIT.hit();
      transaction.commitTransaction();
    } catch (CommitStateUnknownException e) {
      return settle(there, name, facts, e);
    }
    there.refresh();
    return new Commit(facts.entry(), snapshotOf(there, facts.runKey()), false);
  }

  /**
   * This run's own commit, where the catalog says that another was faster and means ours: a request
   * that was sent again meets what its first sending has done. Its files must stay.
   */
  static Optional<Commit> own(Table there, RunFacts facts) {
    return find(there, facts.runKey())
        .filter(commit -> commit.entry().runId().equals(facts.runId()))
        .map(commit -> new Commit(commit.entry(), commit.snapshotId(), false));
  }

  /**
   * What the ledger says after an answer that was lost. To find the run there is an answer; not to
   * find it is none, for the request may still be on its way.
   */
  private static Commit settle(Table there, String name, RunFacts facts, Exception lost) {
    try {
      there.refresh();
      Optional<Commit> made = own(there, facts);
      if (made.isPresent() && Guard.LOST_ANSWER.holds()) {
        return made.get();
      }
    } catch (RuntimeException unreachable) {
      lost.addSuppressed(unreachable);
    }
    throw new SluiceException(
        ErrorKind.INFRA,
        ExitCode.COMMIT_UNKNOWN,
        String.format(
            "Cannot tell whether %s was published: the catalog's answer was lost. Run again"
                + " with the same interval: the ledger decides",
            name),
        lost);
  }

  private static void requireUnknown(Map<String, String> properties, RunFacts facts) {
    if (Guard.LEDGER_AT_COMMIT.holds() && Ledger.find(properties, facts.runKey()).isPresent()) {
      throw new ValidationException("a run with the key %s has published", facts.runKey());
    }
  }

  /** Another writer was faster, with work of its own. */
  static SluiceException conflict(String name, RuntimeException e) {
    return new SluiceException(
        ErrorKind.INFRA,
        ExitCode.CONFLICT,
        String.format(
            "Cannot publish %s: another writer changed it meanwhile (%s). Run again",
            name, e.getMessage()),
        e);
  }
}
