package dev.sluice.runtime.observe;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.runtime.spi.Figure;
import dev.sluice.runtime.spi.ObservedRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Runs as observers are given them. */
final class ObservedRuns {
  private static final Instant START = Instant.parse("2026-11-23T23:15:00Z");

  private ObservedRuns() {}

  /** A run that has ended. */
  static ObservedRun ended(String job) {
    return run(job, Receipt.Status.COMMITTED, Optional.of(START.plusSeconds(12)));
  }

  /** A run that goes on. */
  static ObservedRun going(String job) {
    return run(job, Receipt.Status.RUNNING, Optional.empty());
  }

  private static ObservedRun run(String job, Receipt.Status status, Optional<Instant> end) {
    return new ObservedRun(
        job,
        "20261123T231500Z-1a2b3c",
        job + "/flights.departures",
        Optional.of(Interval.parse("2013-01-01/2013-02-01")),
        Optional.of("flights.departures"),
        Optional.of("production"),
        START,
        end,
        status,
        Optional.empty(),
        List.of(
            new ObservedRun.Phase("bind", START, Optional.of(START.plusMillis(500))),
            new ObservedRun.Phase("transform", START.plusMillis(500), end)),
        List.of(
            Figure.seconds("sluice.run.duration", "Seconds.", 12.25),
            Figure.count("sluice.rows", "Rows.", 27_004).of("state", "read"),
            Figure.bytes("sluice.heap.used", "Heap.", 734_003_200L),
            Figure.count("sluice.rows", "Rows.", 26_483).of("state", "written")));
  }
}
