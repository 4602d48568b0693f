package dev.sluice.runtime.engine;

import dev.sluice.model.ResourceUsage;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;

/** What the tasks of one attempt at a stage have used. */
final class StageWork {
  /** Of fewer tasks the median says nothing of the others. */
  private static final int LEAST = 3;

  /** Times of more tasks than these are not kept: the median is then that of the first. */
  private static final int MOST = 100_000;

  private final int stage;
  private final int attempt;
  private final String name;
  private final TaskSums tasks = new TaskSums();
  private long[] millis = new long[16];
  private int known;
  private long longest;

  /**
   * An attempt that begins.
   *
   * @param name the line of code that it belongs to
   */
  StageWork(StageInfo info, String name) {
    this.stage = info.stageId();
    this.attempt = info.attemptNumber();
    this.name = name;
  }

  void add(SparkListenerTaskEnd end) {
    tasks.add(end);
    if (!end.taskInfo().successful() || end.taskMetrics() == null) {
      return; // how long it would have taken is not known
    }
    long took = end.taskMetrics().executorRunTime();
    longest = Math.max(longest, took);
    if (known < MOST) {
      if (known == millis.length) {
        millis = Arrays.copyOf(millis, 2 * known);
      }
      millis[known++] = took;
    }
  }

  int stage() {
    return stage;
  }

  String name() {
    return name;
  }

  ResourceUsage.Stage told() {
    long[] times = Arrays.copyOf(millis, known);
    return new ResourceUsage.Stage(
        stage, attempt, name, tasks.sum(), longest, median(times), skew(times, longest));
  }

  /** What half of them reach at most; 0 of none. */
  static long median(long[] millis) {
    long[] sorted = millis.clone();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[(sorted.length - 1) / 2];
  }

  /** The longest to the median, in tenths; empty where there are too few to compare. */
  static Optional<Double> skew(long[] millis, long longest) {
    if (millis.length < LEAST) {
      return Optional.empty();
    }
    double ratio = (double) Math.max(1, longest) / Math.max(1, median(millis));
    return Optional.of(Math.round(10 * ratio) / 10.0);
  }

  /**
   * Those that people look at first: the one that spilled most, the one that waited longest for one
   * task, and then those that worked longest.
   */
  static List<ResourceUsage.Stage> mattering(Collection<ResourceUsage.Stage> stages, int most) {
    Set<ResourceUsage.Stage> chosen = new LinkedHashSet<>();
    stages.stream()
        .filter(stage -> stage.tasks().spilledMemoryBytes() > 0)
        .max(Comparator.comparingLong(stage -> stage.tasks().spilledMemoryBytes()))
        .ifPresent(chosen::add);
    stages.stream().max(Comparator.comparingLong(StageWork::waited)).ifPresent(chosen::add);
    stages.stream()
        .sorted(Comparator.comparingLong(stage -> -stage.tasks().runMs()))
        .forEach(chosen::add);
    return chosen.stream()
        .limit(most)
        .sorted(
            Comparator.comparingInt(ResourceUsage.Stage::stage)
                .thenComparingInt(ResourceUsage.Stage::attempt))
        .toList();
  }

  /** How much longer its longest task took than half of the others. */
  private static long waited(ResourceUsage.Stage stage) {
    return stage.longestMs() - stage.medianMs();
  }
}
