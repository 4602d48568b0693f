package dev.sluice.runtime.engine;

import dev.sluice.runtime.spi.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.spark.executor.ExecutorMetrics;
import org.apache.spark.executor.InputMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's executors do, in numbers; in local mode there is one, called driver. */
final class Workers extends SparkListener {
  private final Map<String, Worker> workers = new ConcurrentSkipListMap<>();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /** One executor; its numbers stay when it has gone. */
  private static final class Worker {
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong heapPeak = new AtomicLong();
    private volatile boolean there = true;
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded added) {
    worker(added.executorId());
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    worker(removed.executorId()).there = false;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    Worker worker = worker(end.taskInfo().executorId());
    (end.taskInfo().successful() ? worker.done : worker.failed).incrementAndGet();
    if (end.taskMetrics() != null) {
      InputMetrics read = end.taskMetrics().inputMetrics();
      rows.addAndGet(read.recordsRead());
      bytes.addAndGet(read.bytesRead());
    }
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
    Worker worker = worker(update.execId());
    for (ExecutorMetrics peak : CollectionConverters.asJava(update.executorUpdates()).values()) {
      worker.heapPeak.accumulateAndGet(peak.getMetricValue("JVMHeapMemory"), Math::max);
    }
  }

  /** What all of them have done. */
  List<Figure> together() {
    String tasks = "Tasks that have ended.";
    return List.of(
        Figure.count("sluice.tasks", tasks, sum(worker -> worker.done)).of("state", "done"),
        Figure.count("sluice.tasks", tasks, sum(worker -> worker.failed)).of("state", "failed"),
        Figure.count("sluice.input.rows", "Rows that tasks have read from files.", rows.get()),
        Figure.bytes("sluice.input.size", "Bytes that tasks have read from files.", bytes.get()));
  }

  /** What each does that is there. */
  List<Figure> each() {
    List<Figure> figures = new ArrayList<>();
    workers.forEach(
        (id, worker) -> {
          if (worker.there) {
            figures.addAll(figures(id, worker));
          }
        });
    return figures;
  }

  private static List<Figure> figures(String id, Worker worker) {
    String tasks = "Tasks of an executor that have ended.";
    String heap = "The most heap that an executor has used.";
    return List.of(
        Figure.count("sluice.executor.tasks", tasks, worker.done.get())
            .of("executor", id)
            .of("state", "done"),
        Figure.count("sluice.executor.tasks", tasks, worker.failed.get())
            .of("executor", id)
            .of("state", "failed"),
        Figure.bytes("sluice.executor.heap.peak", heap, worker.heapPeak.get()).of("executor", id));
  }

  private long sum(Function<Worker, AtomicLong> which) {
    return workers.values().stream().mapToLong(worker -> which.apply(worker).get()).sum();
  }

  private Worker worker(String id) {
    return workers.computeIfAbsent(id, unused -> new Worker());
  }
}
