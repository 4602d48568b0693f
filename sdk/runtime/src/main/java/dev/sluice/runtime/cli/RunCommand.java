package dev.sluice.runtime.cli;

import dev.sluice.model.Receipt;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Each;
import dev.sluice.runtime.engine.Jobs;
import dev.sluice.runtime.engine.LifeCycle;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RangeRun;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Stop;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.util.SignalUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a job. */
@Command(
    name = "run",
    description = "Runs a job: reads, checks every row while writing, publishes all or nothing.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private Asked asked;

  @Option(
      names = "--each",
      paramLabel = "hour|day|month|year",
      description =
          "Splits the interval at the bounds of the calendar, in UTC, and runs each part as a run of"
              + " its own, oldest first. Those that are committed stay so: a retry does the rest.")
  private Each each;

  @Option(
      names = "--receipt",
      paramLabel = "URI",
      description = "Puts one more copy of the receipt here: a path or a URI.")
  private String receipt;

  @Option(
      names = "--inputs",
      paramLabel = "RECEIPT",
      description =
          "Reads what an earlier run has read: the files and snapshots that its receipt pins; a"
              + " path or a URI.")
  private String inputs;

  @Option(names = "--json", description = "Prints the receipt as JSON to standard output.")
  private boolean json;

  @Override
  public Integer call() {
    Job job = Jobs.installed().get(asked.job());
    Stop stop = new Stop();
    onSignal(stop::ask);
    RunRequest request = asked.request(Optional.ofNullable(receipt), Optional.ofNullable(inputs));
    Receipt done = each == null ? runAlone(request, job, stop) : runEach(request, job, stop);
    if (json) {
      System.out.print(done.full());
    }
    System.err.println(summary(done));
    return done.exitCode().orElseThrow();
  }

  private static Receipt runAlone(RunRequest request, Job job, Stop stop) {
    try (Progress progress = progress(request.job())) {
      return new LifeCycle(request, job, progress, stop).run();
    }
  }

  private Receipt runEach(RunRequest request, Job job, Stop stop) {
    return new RangeRun(request, each, job, () -> progress(request.job()), stop).run();
  }

  /** A shutdown hook would not do: Spark's own hooks would end its work beside it. */
  static void onSignal(Runnable action) {
    for (String name : List.of("TERM", "INT")) {
      SignalUtils.register(
          name,
          () -> {
            action.run();
            return true; // the JVM goes on: the run ends by itself
          });
    }
  }

  static Progress progress(String job) {
    Progress.Style style = terminal() ? Progress.Style.LIVE : Progress.Style.LINES;
    return Progress.onStandardError(style, job);
  }

  private static boolean terminal() {
    String kind = System.getenv("TERM");
    return CommandLine.Help.Ansi.AUTO.enabled()
        && kind != null
        && !kind.equals("dumb")
        && System.getenv("CI") == null;
  }

  static String summary(Receipt receipt) {
    StringBuilder text = new StringBuilder();
    text.append(receipt.job()).append(": ").append(receipt.status());
    receipt.range().ifPresent(range -> text.append(parts(range)));
    receipt
        .rows()
        .ifPresent(
            rows ->
                text.append(
                    String.format(
                        Locale.ROOT,
                        " · read %,d = written %,d + quarantined %,d + filtered %,d",
                        rows.read(),
                        rows.written(),
                        rows.quarantined(),
                        rows.filtered())));
    receipt
        .timings()
        .totalMs()
        .ifPresent(ms -> text.append(String.format(Locale.ROOT, " · %.1f s", ms / 1000.0)));
    receipt.receiptUri().ifPresent(uri -> text.append("\nreceipt: ").append(uri));
    receipt
        .resources()
        .ifPresent(used -> used.advice().forEach(line -> text.append("\nadvice: ").append(line)));
    receipt
        .error()
        .ifPresent(
            error -> {
              text.append('\n').append(error.message());
              error.stack().forEach(frame -> text.append("\n    at ").append(frame));
            });
    return text.toString();
  }

  private static String parts(Receipt.Range range) {
    return String.format(
        Locale.ROOT,
        " · %,d parts = committed %,d + already %,d + failed %,d + not run %,d",
        range.parts(),
        range.committed(),
        range.alreadyCommitted(),
        range.failed(),
        range.notRun());
  }
}
