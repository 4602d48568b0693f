package dev.sluice.jobs.flights.bench;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Jobs.Written;
import dev.sluice.runtime.engine.LifeCycle;
import dev.sluice.runtime.engine.MaintenanceRun;
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
    try (Progress progress = silent(job.spec().name())) {
      RunRequest request = request(job.spec().name(), interval, settings);
      return committed(new LifeCycle(request, job, progress, new Stop()).run());
    }
  }

  /** Maintains the table that a job writes, in silence, and answers the receipt. */
  static Receipt maintain(Job job, Map<String, String> settings) {
    String name = MaintenanceRun.name(job.spec().table().orElseThrow());
    try (Progress progress = silent(name)) {
      RunRequest request = request(name, Optional.empty(), settings);
      return committed(new MaintenanceRun(request, Written.of(job), progress, new Stop()).run());
    }
  }

  private static Receipt committed(Receipt receipt) {
    if (receipt.status() != Receipt.Status.COMMITTED) {
      throw new IllegalStateException(receipt.full());
    }
    return receipt;
  }

  private static Progress silent(String name) {
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    return new Progress(nowhere, Progress.Style.LINES, name);
  }

  private static RunRequest request(
      String name, Optional<Interval> interval, Map<String, String> settings) {
    return new RunRequest(
        name,
        interval,
        settings,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }
}
