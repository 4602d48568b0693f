package dev.sluice.connect.delta;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Json;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.RunFacts;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.delta.actions.SetTransaction;
import scala.Option;

/**
 * The one commit of a run into a Delta table.
 *
 * <p>The ledger is the log itself: the run is a transaction whose name is made of its key, which
 * the log keeps for ever and of which two cannot be committed, and its entry is the commit's note.
 * Table properties would do as well, but each change of them makes every other writer fail.
 */
record DeltaCommit(LakeAccess lake, Table table, RunFacts facts) {
  /** A transaction of the same name and a lower or the same version is already done. */
  static final long VERSION = 1;

  /** The name of the run's transaction. */
  String transaction() {
    return LogEntry.transaction(facts.runKey());
  }

  /** What the commit notes. */
  String note() {
    return Json.line(facts.entry());
  }

  /** The commit that this run, or another with its key, has made. */
  Optional<Commit> find() {
    return DeltaView.latest(lake, table)
        .flatMap(there -> there.find(facts.runKey()))
        .map(found -> new Commit(found.entry(), found.snapshotId(), !mine(found)));
  }

  private boolean mine(Commit found) {
    return found.entry().runId().equals(facts.runId());
  }

  /**
   * Commits rows and ledger entry together.
   *
   * @param rows what becomes of the table's files
   */
  Commit run(Function<OptimisticTransaction, List<Action>> rows) {
    OptimisticTransaction transaction = begin(lake, table);
    if (transaction.txnVersion(transaction()) >= VERSION) {
      return find().orElseThrow();
    }
    List<Action> actions = new ArrayList<>(rows.apply(transaction));
    actions.add(
        new SetTransaction(transaction(), VERSION, Option.apply(facts.time().toEpochMilli())));
    FailPoint.BEFORE_COMMIT.hit();
    try {
      long version =
          transaction.commit(AsScala.seq(actions), operation(actions), AsScala.map(Map.of()));
      return new Commit(facts.entry(), Optional.of(Long.toString(version)), false);
    } catch (Exception e) {
      return settle(e);
    }
  }

  /** A transaction on the newest version. */
  static OptimisticTransaction begin(LakeAccess lake, Table table) {
    return DeltaLog.forTable(lake.spark(), lake.location(table))
        .startTransaction(Option.empty(), Option.empty());
  }

  private DeltaOperations.Operation operation(List<Action> actions) {
    boolean replaces = actions.stream().anyMatch(RemoveFile.class::isInstance);
    return new DeltaOperations.Write(
        replaces ? SaveMode.Overwrite : SaveMode.Append,
        Option.apply(AsScala.seq(table.partitions())),
        Option.empty(),
        Option.apply(note()),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty(),
        Option.empty());
  }

  /** What the ledger says after a commit that failed: it may have been made nevertheless. */
  Commit settle(Exception failure) {
    Optional<Commit> made;
    try {
      made = find();
    } catch (RuntimeException unreadable) {
      failure.addSuppressed(unreadable);
      throw unknown(failure);
    }
    return made.orElseThrow(
        () ->
            failure instanceof ConcurrentModificationException
                ? conflict(table, failure)
                : unknown(failure));
  }

  /** Another writer was faster, with work of its own. */
  static SluiceException conflict(Table table, Exception e) {
    String reason = e.getMessage().lines().findFirst().orElse("").replaceAll("[.\\s]+$", "");
    return new SluiceException(
        ErrorKind.INFRA,
        ExitCode.CONFLICT,
        String.format(
            "Cannot publish %s: another writer changed it meanwhile (%s). Run again",
            table.name(), reason),
        e);
  }

  private SluiceException unknown(Exception e) {
    return new SluiceException(
        ErrorKind.INFRA,
        ExitCode.COMMIT_UNKNOWN,
        String.format(
            "Cannot tell whether %s was published: writing to its log failed. Run again with the"
                + " same interval: the ledger decides",
            table.name()),
        e);
  }
}
