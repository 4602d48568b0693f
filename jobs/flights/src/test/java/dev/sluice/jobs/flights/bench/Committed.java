package dev.sluice.jobs.flights.bench;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.LifeCycle;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Stop;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/** Runs of jobs that are measured: each must commit, or there is nothing to measure. */
final class Committed {
  private Committed() {}

  /** Runs a job in silence and answers its receipt. */
  static Receipt run(Job job, Optional<Interval> interval, Map<String, String> settings) {
    RunRequest request =
        new RunRequest(
            job.spec().name(),
            interval,
            settings,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of());
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    try (Progress progress = new Progress(nowhere, Progress.Style.LINES, job.spec().name())) {
      Receipt receipt = new LifeCycle(request, job, progress, new Stop()).run();
      if (receipt.status() != Receipt.Status.COMMITTED) {
        throw new IllegalStateException(receipt.full());
      }
      return receipt;
    }
  }
}
