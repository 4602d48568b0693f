package dev.sluice.jobs.flights.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/** What a piece of work takes of a process that does nothing else. */
final class Measured {
  private Measured() {}

  /** Does the work and prints what it took as JSON, with its answer, which is JSON too. */
  static void print(SparkSession spark, Callable<String> work) throws Exception {
    // What a session needs once is no part of the comparison.
    spark.range(1000).repartition(2).write().format("noop").mode("overwrite").save();
    Counting counted = new Counting();
    spark.sparkContext().addSparkListener(counted);
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = process.getProcessCpuTime();
    long wall = System.nanoTime();
    String answer = work.call();
    double seconds = (System.nanoTime() - wall) / 1e9;
    double busy = (process.getProcessCpuTime() - cpu) / 1e9;
    spark.sparkContext().listenerBus().waitUntilEmpty(); // or some tasks were not heard of
    System.out.printf(
        Locale.ROOT,
        "{\"wall\": %.3f, \"cpu\": %.3f, \"task cpu\": %.3f, \"longest\": %.3f, \"path\": %.3f,"
            + " \"rss\": %d, \"spill\": %d, \"jobs\": %d, \"rows\": %s}%n",
        seconds,
        busy,
        counted.tasks() / 1e9,
        counted.longest() / 1e9,
        counted.path(spark.sparkContext().defaultParallelism()) / 1e9,
        peak(),
        counted.spilled(),
        counted.jobs(),
        answer);
  }

  /** The most memory that this process has held, in bytes. */
  private static long peak() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return 0;
  }

  /** CPU time of tasks, in nanoseconds. */
  private static final class Counting extends SparkListener {
    private final Map<Integer, List<Long>> tasksOfStages = new HashMap<>();
    private long longest;
    private long spilled;
    private int jobs;

    @Override
    public synchronized void onJobStart(SparkListenerJobStart start) {
      jobs++;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
      TaskMetrics metrics = end.taskMetrics();
      long cpu = metrics.executorCpuTime();
      tasksOfStages.computeIfAbsent(end.stageId(), stage -> new ArrayList<>()).add(cpu);
      spilled += metrics.diskBytesSpilled();
      if (metrics.shuffleReadMetrics().recordsRead() > 0) {
        longest = Math.max(longest, cpu);
      }
    }

    synchronized long tasks() {
      return tasksOfStages.values().stream().mapToLong(Counting::sum).sum();
    }

    /** Of the tasks that read rows of a shuffle: only there a hot key makes one wait. */
    synchronized long longest() {
      return longest;
    }

    /** What the stages take one after the other where so many tasks really run at once. */
    synchronized long path(int cores) {
      return tasksOfStages.values().stream()
          .mapToLong(tasks -> Math.max(Collections.max(tasks), sum(tasks) / cores))
          .sum();
    }

    synchronized long spilled() {
      return spilled;
    }

    synchronized int jobs() {
      return jobs;
    }

    private static long sum(List<Long> tasks) {
      return tasks.stream().mapToLong(Long::longValue).sum();
    }
  }
}
