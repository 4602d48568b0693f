package dev.sluice.runtime.lake;

import dev.sluice.model.AuditLine;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;

/**
 * The audit log: all runs of a lake, one line each, only ever appended to.
 *
 * <p>Each line holds the hash of the one before, so that a line that was changed, taken out or put
 * in between is found. The last number and hash stand in the snapshot's summary as well, which also
 * tells of lines that were cut off.
 */
public final class AuditLog {
  private static final int ATTEMPTS = 50;
  private static final int PAUSE_MS = 100;
  private static final String LAST_LINE = "sluice.audit-line";
  private static final String LAST_HASH = "sluice.audit-hash";

  private final Lake lake;
  private final Table table;
  private final RecordTable records;

  AuditLog(Lake lake, String name) {
    this.lake = lake;
    this.table = table(name);
    this.records = new RecordTable(lake, table);
  }

  private static Table table(String name) {
    return Table.iceberg(name)
        .describedAs("Every run of this lake, in a chain of hashes")
        .withColumns(AuditLine.COLUMNS);
  }

  /** The log as a table with what keeps it in order, of which nothing takes a line away. */
  public static Table maintained(LakeConfig config) {
    return table(config.lakeAuditLog())
        .maintenance(Companion.usual(config).toArray(Maintenance[]::new));
  }

  private record Last(long line, String hash) {}

  /** Appends a line behind the last one, and answers it as it stands there. */
  public AuditLine append(AuditLine draft) {
    return lake.catalogCall(() -> append(records.prepare(), draft));
  }

  private AuditLine append(org.apache.iceberg.Table there, AuditLine draft) {
    for (int attempt = 1; ; attempt++) {
      Last last = last(there);
      AuditLine line = draft.after(last.line(), last.hash());
      DataFile file = RecordTable.write(there, List.of(line.cells()));
      try {
        commit(there, file, line);
        return line;
      } catch (CommitStateUnknownException e) {
        there.refresh();
        if (lines(there).stream().noneMatch(line::equals)) {
          throw e;
        }
        return line;
      } catch (ValidationException | CommitFailedException e) {
        there.io().deleteFile(file.location()); // its commit was refused: nothing names it
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
      pause();
      there.refresh();
    }
  }

  private static void commit(org.apache.iceberg.Table there, DataFile file, AuditLine line) {
    Optional<Long> seen = Optional.ofNullable(there.currentSnapshot()).map(Snapshot::snapshotId);
    Transaction transaction =
        CheckedCommit.transaction(there, base -> requireUnchanged(base, seen));
    transaction
        .newAppend()
        .appendFile(file)
        .set(LAST_LINE, Long.toString(line.line()))
        .set(LAST_HASH, line.hash())
        .commit();
    transaction.commitTransaction();
  }

  private static void requireUnchanged(TableMetadata base, Optional<Long> seen) {
    Optional<Long> current = Optional.ofNullable(base.currentSnapshot()).map(Snapshot::snapshotId);
    if (!current.equals(seen)) {
      throw new ValidationException("the log was changed meanwhile");
    }
  }

  /** Runs that end at the same moment take turns. */
  private static void pause() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(PAUSE_MS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The last line; maintenance of the table makes snapshots that do not name it. */
  private static Last last(org.apache.iceberg.Table there) {
    Snapshot snapshot = there.currentSnapshot();
    if (snapshot == null) {
      return new Last(0, AuditLine.NONE);
    }
    return summary(snapshot)
        .orElseGet(
            () -> {
              List<AuditLine> lines = lines(there);
              AuditLine end = lines.get(lines.size() - 1);
              return new Last(end.line(), end.hash());
            });
  }

  private static Optional<Last> summary(Snapshot snapshot) {
    Map<String, String> summary = snapshot.summary();
    return summary.containsKey(LAST_HASH)
        ? Optional.of(new Last(Long.parseLong(summary.get(LAST_LINE)), summary.get(LAST_HASH)))
        : Optional.empty();
  }

  /** All lines, in order; none where the log has not begun. */
  public List<AuditLine> lines() {
    return lake.catalogCall(() -> records.find().map(AuditLog::lines).orElse(List.of()));
  }

  private static List<AuditLine> lines(org.apache.iceberg.Table there) {
    return RecordTable.read(there, Expressions.alwaysTrue()).stream()
        .map(AuditLine::ofCells)
        .sorted(Comparator.comparing(AuditLine::line))
        .toList();
  }

  /** What is wrong with the chain, one line each; empty where nothing. */
  public List<String> breaks() {
    Optional<org.apache.iceberg.Table> there = lake.catalogCall(records::find);
    return there.map(found -> lake.catalogCall(() -> breaks(found))).orElse(List.of());
  }

  private List<String> breaks(org.apache.iceberg.Table there) {
    List<String> findings = new ArrayList<>();
    Last before = new Last(0, AuditLine.NONE);
    for (AuditLine line : lines(there)) {
      if (!line.intact()) {
        findings.add(String.format("%s: line %d was changed", table.name(), line.line()));
      }
      if (line.line() != before.line() + 1 || !line.previousHash().equals(before.hash())) {
        findings.add(
            String.format(
                "%s: line %d does not follow line %d", table.name(), line.line(), before.line()));
      }
      before = new Last(line.line(), line.hash());
    }
    Last end = before;
    Optional.ofNullable(there.currentSnapshot())
        .flatMap(AuditLog::summary)
        .filter(noted -> !noted.equals(end))
        .ifPresent(
            noted ->
                findings.add(
                    String.format(
                        "%s: its lines end with %d, and line %d was the last one written",
                        table.name(), end.line(), noted.line())));
    return findings;
  }
}
