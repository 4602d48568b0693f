package dev.sluice.runtime.engine;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Receipt;
import dev.sluice.runtime.spi.Figure;
import dev.sluice.runtime.spi.ObservedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a receipt says in numbers, of a run that has ended or goes on. */
final class RunFigures {
  private RunFigures() {}

  static List<Figure> of(Receipt receipt, List<ObservedRun.Phase> phases, Instant now) {
    List<Figure> figures = new ArrayList<>();
    figures.add(
        Figure.seconds(
            "sluice.run.duration",
            "Seconds since the run began, or that it has taken.",
            seconds(receipt.timings().startedAt(), now)));
    for (ObservedRun.Phase phase : phases) {
      figures.add(
          Figure.seconds(
                  "sluice.phase.duration",
                  "Seconds that a phase has taken, or takes so far.",
                  seconds(phase.startedAt(), phase.endedAt().orElse(now)))
              .of("phase", phase.name()));
    }
    receipt.rows().ifPresent(rows -> figures.addAll(rows(rows)));
    receipt.quality().ifPresent(quality -> figures.addAll(expectations(quality)));
    receipt
        .target()
        .flatMap(Receipt.TargetFacts::files)
        .ifPresent(
            files ->
                figures.add(
                    Figure.count("sluice.output.files", "Files that the run has written.", files)));
    receipt
        .target()
        .flatMap(Receipt.TargetFacts::bytes)
        .ifPresent(
            bytes ->
                figures.add(Figure.bytes("sluice.output.size", "Size of these files.", bytes)));
    figures.addAll(heap());
    if (receipt.exitCode().filter(code -> code == ExitCode.COMMITTED.value()).isPresent()) {
      figures.add(
          Figure.seconds(
              "sluice.last_success.timestamp",
              "When a run has last found its work published, in seconds since 1970.",
              (double) now.getEpochSecond()));
    }
    return figures;
  }

  private static List<Figure> heap() {
    Receipt.Memory memory = MemoryFacts.now();
    return List.of(
        Figure.bytes("sluice.heap.used", "Heap that the driver uses.", memory.heapUsedBytes()),
        Figure.bytes("sluice.heap.limit", "Heap that it may use.", memory.heapMaxBytes()));
  }

  private static List<Figure> rows(Receipt.Rows rows) {
    String what = "Rows: read = written + quarantined + filtered.";
    return List.of(
        Figure.count("sluice.rows", what, rows.read()).of("state", "read"),
        Figure.count("sluice.rows", what, rows.written()).of("state", "written"),
        Figure.count("sluice.rows", what, rows.quarantined()).of("state", "quarantined"),
        Figure.count("sluice.rows", what, rows.filtered()).of("state", "filtered"));
  }

  private static List<Figure> expectations(Receipt.Quality quality) {
    String what = "Expectations of the suite: evaluated, and those that do not hold.";
    return List.of(
        Figure.count("sluice.expectations", what, quality.evaluated()).of("state", "evaluated"),
        Figure.count("sluice.expectations", what, quality.unsuccessful())
            .of("state", "unsuccessful"));
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }
}
