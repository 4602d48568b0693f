package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import dev.sluice.model.ResourceUsage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Sees what a run's tasks use while it works, and tells it when it ends.
 *
 * <p>Spark tells its listeners later than it works: {@link #settle} waits for it, but not long, and
 * figures that have not come by then are missing. None of this can fail a run.
 */
final class Workload extends SparkListener {
  /** So many stages are kept while the run works, of which so many are told. */
  private static final int KEPT = 20;

  private static final int TOLD = 8;

  /** So many may be at work at once; Spark may have lost the word that one has ended. */
  private static final int AT_WORK = 64;

  private static final long PATIENCE_MILLIS = 3000;

  /** What Spark calls the process of the run where others have the number of an executor. */
  static final String DRIVER = "driver";

  private final TaskSums tasks = new TaskSums();
  private final QueryLines lines = new QueryLines();
  private final Map<Long, StageWork> atWork = new LinkedHashMap<>();
  private final Map<Long, OutOfMemory.Place> exhausted = new LinkedHashMap<>();
  private final Set<String> executors = new HashSet<>();
  private List<ResourceUsage.Stage> ended = List.of();
  private long executorHeapPeak;
  private Optional<OutOfMemory.Place> outOfMemory = Optional.empty();
  private Optional<SparkContext> watched = Optional.empty();
  private SparkConf conf = new SparkConf(false);
  private long startedNanos;
  private long gcMillisBefore;

  /** Listens from now on. */
  void watch(SparkSession spark) {
    startedNanos = System.nanoTime();
    gcMillisBefore = MemoryFacts.gcMillis();
    conf = spark.sparkContext().getConf();
    watched = Optional.of(spark.sparkContext());
    spark.sparkContext().addSparkListener(this);
  }

  /** Waits until Spark has told all, but not long, and listens no more. */
  void settle() {
    watched.ifPresent(
        context -> {
          try {
            context.listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
          } catch (Exception e) { // of Scala, which declares none: time is up, or interrupted
            if (e instanceof InterruptedException) {
              Thread.currentThread().interrupt();
            }
          }
          context.removeSparkListener(this);
        });
    watched = Optional.empty();
  }

  /** What was used; empty where no task has ended. */
  synchronized Optional<ResourceUsage> used(Receipt.Status status) {
    if (tasks.isEmpty()) {
      return Optional.empty();
    }
    List<ResourceUsage.Stage> all = new ArrayList<>(ended);
    atWork.values().forEach(stage -> all.add(stage.told()));
    ResourceUsage used =
        new ResourceUsage(
            driver(), executors(), tasks.sum(), StageWork.mattering(all, TOLD), List.of());
    return Optional.of(used.advising(Sizing.advice(used, status)));
  }

  /** Where the task was that ended the run because it ran out of memory. */
  synchronized Optional<OutOfMemory.Place> outOfMemory() {
    return outOfMemory;
  }

  private ResourceUsage.Driver driver() {
    Receipt.Memory memory = MemoryFacts.now();
    return new ResourceUsage.Driver(
        memory.limitBytes(),
        memory.heapMaxBytes(),
        MemoryFacts.heapPeak(),
        MemoryFacts.rssPeak(),
        TaskSums.share(
            MemoryFacts.gcMillis() - gcMillisBefore,
            (System.nanoTime() - startedNanos) / 1_000_000));
  }

  private Optional<ResourceUsage.Executors> executors() {
    if (executors.isEmpty()) {
      return Optional.empty();
    }
    ExecutorMemory memory = ExecutorMemory.of(conf);
    Optional<Long> limit =
        memory.restBytes() == 0 ? Optional.empty() : Optional.of(memory.limitBytes());
    return Optional.of(
        new ResourceUsage.Executors(
            executors.size(), limit, memory.heapBytes(), executorHeapPeak()));
  }

  private Optional<Long> executorHeapPeak() {
    return Optional.of(executorHeapPeak).filter(bytes -> bytes > 0);
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (atWork.size() == AT_WORK) {
      atWork.remove(atWork.keySet().iterator().next());
    }
    long key = key(submitted.stageInfo().stageId(), submitted.stageInfo().attemptNumber());
    atWork.put(key, new StageWork(submitted.stageInfo(), lines.of(submitted)));
  }

  @Override
  public synchronized void onOtherEvent(SparkListenerEvent event) {
    lines.note(event);
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    tasks.add(end);
    Optional<String> executor =
        Optional.of(end.taskInfo().executorId()).filter(id -> !id.equals(DRIVER));
    executor.ifPresent(id -> seen(id, end.taskExecutorMetrics()));
    long key = key(end.stageId(), end.stageAttemptId());
    StageWork stage = atWork.get(key);
    if (stage == null) { // of a stage that has ended without it
      return;
    }
    stage.add(end);
    if (end.reason() instanceof TaskFailedReason reason
        && OutOfMemory.isToldBy(reason.toErrorString())) {
      String which = stage.stage() + " (" + stage.name() + ")";
      exhausted.put(
          key, new OutOfMemory.Place(which, executor, executor.flatMap(id -> executorHeapPeak())));
    }
  }

  @Override
  public synchronized void onStageCompleted(SparkListenerStageCompleted completed) {
    long key = key(completed.stageInfo().stageId(), completed.stageInfo().attemptNumber());
    StageWork stage = atWork.remove(key);
    if (stage != null) {
      List<ResourceUsage.Stage> all = new ArrayList<>(ended);
      all.add(stage.told());
      ended = StageWork.mattering(all, KEPT);
    }
    // A task that ran out and did it the second time has not ended the run.
    Optional<OutOfMemory.Place> place = Optional.ofNullable(exhausted.remove(key));
    if (completed.stageInfo().failureReason().isDefined() && place.isPresent()) {
      outOfMemory = place;
    }
  }

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
    if (!added.executorId().equals(DRIVER)) {
      executors.add(added.executorId());
    }
  }

  @Override
  public synchronized void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    if (!update.execId().equals(DRIVER)) {
      CollectionConverters.asJava(update.executorUpdates())
          .values()
          .forEach(peak -> seen(update.execId(), peak));
    }
  }

  private void seen(String executor, ExecutorMetrics peak) {
    executors.add(executor);
    executorHeapPeak = Math.max(executorHeapPeak, peak.getMetricValue("JVMHeapMemory"));
  }

  private static long key(int stage, int attempt) {
    return ((long) stage << 32) | attempt;
  }
}
