package dev.sluice.runtime.engine;

import dev.sluice.model.AuditLine;
import dev.sluice.model.Receipt;
import dev.sluice.model.Sha256;
import dev.sluice.runtime.lake.AuditLog;
import dev.sluice.runtime.lake.Lake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Notes runs in the audit log, and compares the log with their receipts. */
final class Audit {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  /** A receipt, and the text that it was kept as. */
  record Kept(String text, Receipt receipt) {}

  private Audit() {}

  /** Notes a run that has ended; never fails the run, and never holds it for long. */
  static void note(Receipt receipt, Lake lake, Map<String, String> environment) {
    AuditLine line =
        AuditLine.of(
            receipt,
            environment.getOrDefault("SLUICE_STARTED_BY", System.getProperty("user.name")),
            Optional.ofNullable(environment.get("SLUICE_IMAGE")));
    FutureTask<Void> noting =
        new FutureTask<>(() -> lake.audit().ifPresent(log -> log.append(line)), null);
    Thread thread = new Thread(noting, "audit");
    thread.setDaemon(true);
    thread.start();
    try {
      noting.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      warn(lake, String.valueOf(e.getCause().getMessage()));
    } catch (TimeoutException e) {
      warn(lake, "no answer within " + DEADLINE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      warn(lake, "interrupted");
    }
  }

  private static void warn(Lake lake, String reason) {
    System.err.printf(
        "Cannot note the run in the audit log %s: %s. The run itself stands%n",
        lake.config().lakeAuditLog(), reason.replaceAll("[.\\s]+$", ""));
  }

  /** What does not agree between the log and the receipts of a job, one line each. */
  static List<String> differences(String job, AuditLog log, List<Kept> receipts) {
    List<String> findings = new ArrayList<>(log.breaks());
    Map<String, Kept> byRun = new HashMap<>();
    receipts.forEach(kept -> byRun.put(kept.receipt().runId(), kept));
    List<AuditLine> lines = log.lines();
    lines.stream()
        .filter(line -> line.job().equals(job))
        .forEach(
            line ->
                difference(line, Optional.ofNullable(byRun.remove(line.runId())))
                    .ifPresent(findings::add));
    // Those that are left were not noted: they are older than the log, or it was not reachable.
    byRun.values().stream()
        .map(Kept::receipt)
        .filter(receipt -> isYounger(receipt, lines))
        .map(
            receipt ->
                String.format(
                    "%s: no line of the audit log tells of run %s",
                    receipt.runKey(), receipt.runId()))
        .sorted()
        .forEach(findings::add);
    return findings;
  }

  private static boolean isYounger(Receipt receipt, List<AuditLine> lines) {
    return !lines.isEmpty() && receipt.timings().startedAt().isAfter(lines.get(0).endedAt());
  }

  private static Optional<String> difference(AuditLine line, Optional<Kept> kept) {
    if (kept.filter(k -> Sha256.of(k.text()).equals(line.receiptHash())).isPresent()) {
      return Optional.empty();
    }
    String what = kept.isEmpty() ? "is gone" : "was changed";
    return Optional.of(
        String.format(
            "%s: the receipt of run %s %s after the audit log noted it",
            line.runKey(), line.runId(), what));
  }
}
