package dev.sluice.runtime.cli;

import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Table;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.MaintenanceRun;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Stop;
import dev.sluice.runtime.lake.AuditLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Keeps a table in order. */
@Command(
    name = "maintain",
    description = {
      "Keeps a table in order as its declaration says: drops old rows, compacts files, counts",
      "different values, tiers old files, expires snapshots, removes orphans. Its quarantine and",
      "its metrics are kept in order with it. Safe beside running writers; leaves a receipt like",
      "any run."
    },
    mixinStandardHelpOptions = true)
final class MaintainCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "JOB-or-TABLE",
      description = "A table, or the job that writes it; or the audit log.")
  private String name;

  @Option(names = "--plan", description = "Shows what would be done; changes nothing.")
  private boolean plan;

  @Option(
      names = "--receipt",
      paramLabel = "URI",
      description = "Puts one more copy of the receipt here: a path or a URI.")
  private String receipt;

  @Option(names = "--json", description = "Prints the receipt, or the plan, as JSON.")
  private boolean json;

  @Mixin private Configured configured;

  @Override
  public Integer call() {
    // The audit log is of all jobs together, so that none of them declares it.
    Jobs.Written written =
        Jobs.installed().table(name, () -> AuditLog.maintained(configured.lake()));
    if (plan) {
      List<MaintenanceStep> steps = MaintenanceRun.plan(request(written.table()), written);
      System.out.print(json ? Json.pretty(steps) : text(written.table(), steps));
      return 0;
    }
    Stop stop = new Stop();
    RunCommand.onSignal(stop::ask);
    Receipt done;
    try (Progress progress = RunCommand.progress(MaintenanceRun.name(written.table()))) {
      done = new MaintenanceRun(request(written.table()), written, progress, stop).run();
    }
    if (json) {
      System.out.print(done.full());
    }
    done.maintenance().ifPresent(steps -> System.err.print(text(written.table(), steps)));
    System.err.println(RunCommand.summary(done));
    return done.exitCode().orElseThrow();
  }

  private RunRequest request(Table table) {
    return new RunRequest(
        MaintenanceRun.name(table),
        Optional.empty(),
        configured.sets(),
        configured.file(),
        configured.profile(),
        Optional.ofNullable(receipt),
        Optional.empty(),
        System.getenv());
  }

  static String text(Table table, List<MaintenanceStep> steps) {
    StringBuilder text = new StringBuilder();
    text.append(table.name()).append(" (").append(table.format().word()).append(")\n");
    Optional<String> last = Optional.empty();
    for (MaintenanceStep step : steps) {
      if (!step.table().equals(last)) {
        text.append(step.table().orElseThrow()).append('\n');
        last = step.table();
      }
      text.append(String.format("  %-17s %s\n", step.step(), told(step)));
    }
    return text.toString();
  }

  private static String told(MaintenanceStep step) {
    if (step.isNothing()) {
      return "nothing to do";
    }
    List<String> parts = new ArrayList<>();
    if (step.rowsRemoved() > 0) {
      parts.add(String.format(Locale.ROOT, "%,d rows", step.rowsRemoved()));
    }
    if (step.snapshotsRemoved() > 0) {
      parts.add(String.format(Locale.ROOT, "%,d snapshots", step.snapshotsRemoved()));
    }
    String written = files(step.filesWritten(), step.bytesWritten());
    if (step.filesRemoved() + parts.size() == 0) {
      return written;
    }
    parts.add(files(step.filesRemoved(), step.bytesRemoved()));
    String removed = String.join(", ", parts);
    return step.filesWritten() == 0 ? removed : removed + " → " + written;
  }

  private static String files(long files, long bytes) {
    return String.format(Locale.ROOT, "%,d files (%.1f MB)", files, bytes / 1e6);
  }
}
