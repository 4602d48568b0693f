package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Audit.Kept;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.LedgerEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/** The runs of a job: what their receipts say, and what the target's ledger says of them. */
public final class Runs {

  /** A run key, and the commit that the ledger has for it. */
  public record Settled(String runKey, Optional<LedgerEntry> commit) {}

  private Runs() {}

  /** The receipts of a job, oldest first. */
  public static List<Receipt> receipts(RunRequest request, Job job) {
    Bound bound = Bound.ofAnyInterval(request, job);
    try (Lake lake = Lake.open(bound.settings().lake())) {
      return kept(bound, lake).stream().map(Kept::receipt).toList();
    }
  }

  private static List<Kept> kept(Bound bound, Lake lake) {
    return Documents.read(ReceiptBook.folder(lake, bound.spec().name()), lake.hadoop()).stream()
        .map(document -> new Kept(document.text(), parse(document)))
        .sorted(Comparator.comparing(kept -> kept.receipt().timings().startedAt()))
        .toList();
  }

  private static Receipt parse(Documents.Document document) {
    return Receipt.parse(document.text())
        .orElseThrow(
            () ->
                SluiceException.config(
                    "Cannot read receipt %s: it is damaged. Restore or remove the file",
                    document.uri()));
  }

  /** Asks the ledger whether the work of a run is published; reads nothing else. */
  public static Settled reconcile(RunRequest request, Job job) {
    Bound bound = Bound.of(request, job);
    try (Lake lake = Lake.open(bound.settings().lake())) {
      Optional<Commit> commit = Planner.target(bound, lake, new StructType()).find(bound.key());
      return new Settled(bound.key().toString(), commit.map(Commit::entry));
    }
  }

  /**
   * Compares the ledger of a job's target with the receipts, and these with the audit log: every
   * commit has one receipt, and the other way round, and all are as they were noted; answers what
   * is not so, one line each.
   */
  public static List<String> verify(RunRequest request, Job job) {
    Bound bound = Bound.ofAnyInterval(request, job);
    try (Lake lake = Lake.open(bound.settings().lake())) {
      Ledger ledger = Planner.target(bound, lake, new StructType()).ledger();
      String name = bound.spec().name();
      List<Kept> kept = kept(bound, lake);
      List<Receipt> receipts = kept.stream().map(Kept::receipt).toList();
      List<String> findings = new ArrayList<>(differences(name, ledger, receipts));
      lake.audit().ifPresent(log -> findings.addAll(Audit.differences(name, log, kept)));
      return findings;
    }
  }

  static List<String> differences(String job, Ledger ledger, List<Receipt> receipts) {
    Map<String, LedgerEntry> commits =
        ledger.entries().stream()
            .filter(entry -> entry.runKey().startsWith(job + "/"))
            .collect(
                Collectors.toMap(
                    LedgerEntry::runKey, Function.identity(), (a, b) -> b, LinkedHashMap::new));
    List<String> findings = new ArrayList<>();
    commits.values().forEach(commit -> unknown(commit, receipts).ifPresent(findings::add));
    List<Receipt> committed =
        receipts.stream()
            .filter(receipt -> receipt.status() == Status.COMMITTED)
            .filter(
                receipt ->
                    ledger.horizon().filter(receipt.timings().startedAt()::isBefore).isEmpty())
            .toList();
    committed.forEach(receipt -> unfounded(receipt, commits).ifPresent(findings::add));
    findings.addAll(twice(committed));
    return findings;
  }

  /** A run that was killed after its commit is told of by the next one with its run key. */
  private static Optional<String> unknown(LedgerEntry commit, List<Receipt> receipts) {
    boolean told =
        receipts.stream()
            .anyMatch(
                receipt ->
                    receipt.runKey().equals(commit.runKey())
                        && (receipt.status() == Status.ALREADY_COMMITTED
                            || receipt.runId().equals(commit.runId())));
    return told
        ? Optional.empty()
        : Optional.of(
            String.format(
                "%s: run %s is in the ledger, and no receipt tells of it. Run it again for one",
                commit.runKey(), commit.runId()));
  }

  private static Optional<String> unfounded(Receipt receipt, Map<String, LedgerEntry> commits) {
    LedgerEntry commit = commits.get(receipt.runKey());
    if (commit == null) {
      return Optional.of(
          String.format(
              "%s: the receipt of run %s says committed, and the ledger does not know it",
              receipt.runKey(), receipt.runId()));
    }
    boolean same =
        commit.runId().equals(receipt.runId())
            && receipt.rows().filter(commit.rows()::equals).isPresent();
    return same
        ? Optional.empty()
        : Optional.of(
            String.format(
                "%s: the receipt of run %s and the ledger's entry of run %s differ",
                receipt.runKey(), receipt.runId(), commit.runId()));
  }

  private static List<String> twice(List<Receipt> committed) {
    Set<String> seen = new HashSet<>();
    return committed.stream()
        .filter(receipt -> !seen.add(receipt.runKey()))
        .map(receipt -> receipt.runKey() + ": two receipts say committed")
        .toList();
  }

  /** Refuses work that the ledger may have forgotten: nobody can tell whether it was published. */
  static void requireRemembered(RunKey key, Optional<Instant> horizon) {
    key.interval()
        .filter(interval -> horizon.filter(time -> !interval.end().isAfter(time)).isPresent())
        .ifPresent(
            interval -> {
              throw SluiceException.config(
                  "Cannot run %s: the ledger of %s forgot runs that committed until %s, and this"
                      + " one may be among them. Look whether its rows are there; if not, remove"
                      + " the property sluice.ledger-horizon and run again",
                  key, key.target(), horizon.get());
            });
  }
}
