package dev.sluice.runtime.engine;

import dev.sluice.model.Quantity;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.ResourceUsage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a run's figures say of the resources that the next one like it should have. */
final class Sizing {
  private static final int MOST = 2;

  /** Sizes that are proposed: people do not write 1387Mi. */
  private static final List<String> SIZES =
      List.of(
          "1Gi", "1536Mi", "2Gi", "3Gi", "4Gi", "6Gi", "8Gi", "12Gi", "16Gi", "24Gi", "32Gi",
          "48Gi", "64Gi", "96Gi", "128Gi");

  /** Where half would do for so much more than was used. */
  private static final double ROOM = 1.5;

  /** Less on disk costs nobody much. */
  private static final long SPILLED = 1L << 30;

  private static final double GC_SHARE = 0.2;

  /** Of shorter work no share and no ratio means anything. */
  private static final long LONG_MILLIS = 60_000;

  private static final double SKEW = 5;

  private Sizing() {}

  /** At most two sentences, the most urgent first; none where nothing is sure. */
  static List<String> advice(ResourceUsage used, Status status) {
    List<String> advice = new ArrayList<>();
    Optional<String> shortage = spilled(used).or(() -> collected(used));
    shortage.ifPresent(advice::add);
    waited(used.stages()).ifPresent(advice::add);
    if (shortage.isEmpty() && status == Status.COMMITTED) {
      unused(used).ifPresent(advice::add);
    }
    return advice.subList(0, Math.min(MOST, advice.size()));
  }

  private static Optional<String> spilled(ResourceUsage used) {
    long bytes = used.tasks().spilledMemoryBytes();
    if (bytes < SPILLED) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "spilled %.1f GiB from memory to disk: more memory%s spares that",
            bytes / (double) (1L << 30),
            suchAs(used)));
  }

  private static Optional<String> collected(ResourceUsage used) {
    if (used.tasks().gcShare() < GC_SHARE || used.tasks().runMs() < LONG_MILLIS) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "collecting garbage took %.0f %% of the tasks' time: more memory%s spares that",
            100 * used.tasks().gcShare(),
            suchAs(used)));
  }

  /** Twice as much, for whoever has worked on the tasks. */
  private static String suchAs(ResourceUsage used) {
    String whose = used.executors().isPresent() ? " for executors" : "";
    Optional<Long> limit =
        used.executors()
            .map(ResourceUsage.Executors::limitBytes)
            .orElse(used.driver().limitBytes());
    return whose
        + limit.flatMap(has -> atLeast(2 * has)).map(size -> ", such as " + size + ",").orElse("");
  }

  private static Optional<String> waited(List<ResourceUsage.Stage> stages) {
    return stages.stream()
        .filter(stage -> stage.longestMs() >= LONG_MILLIS && stage.skew().orElse(0.0) >= SKEW)
        .max(Comparator.comparingLong(stage -> stage.longestMs() - stage.medianMs()))
        .map(
            stage ->
                String.format(
                    Locale.ROOT,
                    "stage %d (%s) waits for one task: %.0f s, %.1f times the median",
                    stage.stage(),
                    stage.name(),
                    stage.longestMs() / 1000.0,
                    stage.skew().orElseThrow()));
  }

  /**
   * Where half of the container's memory would do, or less. Executors usually have as much as the
   * run's own container, and of what they use too little is known: then nothing is said.
   */
  private static Optional<String> unused(ResourceUsage used) {
    ResourceUsage.Driver driver = used.driver();
    if (driver.limitBytes().isEmpty()
        || driver.rssPeakBytes().isEmpty()
        || used.executors().isPresent()) {
      return Optional.empty();
    }
    long limit = driver.limitBytes().get();
    long peak = driver.rssPeakBytes().get();
    // The heap's share of a container stays what it is, and what the heap has held must fit.
    double heapShare = (double) driver.heapMaxBytes() / limit;
    double needed = ROOM * Math.max((double) peak, driver.heapPeakBytes() / heapShare);
    return atLeast((long) needed)
        .filter(size -> Quantity.parse(size) <= limit / 2)
        .map(
            size ->
                String.format("used %d MiB of %d MiB: %s would do", peak >> 20, limit >> 20, size));
  }

  private static Optional<String> atLeast(long bytes) {
    return SIZES.stream().filter(size -> Quantity.parse(size) >= bytes).findFirst();
  }
}
