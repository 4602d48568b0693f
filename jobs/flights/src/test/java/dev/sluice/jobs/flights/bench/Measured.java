package dev.sluice.jobs.flights.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
    AtomicInteger jobs = new AtomicInteger();
    AtomicLong tasks = new AtomicLong();
    AtomicLong longest = new AtomicLong();
    AtomicLong spilled = new AtomicLong();
    spark.sparkContext().addSparkListener(new Counting(jobs, tasks, longest, spilled));
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
        "{\"wall\": %.3f, \"cpu\": %.3f, \"task cpu\": %.3f, \"longest\": %.3f,"
            + " \"rss\": %d, \"spill\": %d, \"jobs\": %d, \"rows\": %s}%n",
        seconds,
        busy,
        tasks.get() / 1e9,
        longest.get() / 1e9,
        peak(),
        spilled.get(),
        jobs.get(),
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

  private static final class Counting extends SparkListener {
    private final AtomicInteger jobs;
    private final AtomicLong tasks;
    private final AtomicLong longest;
    private final AtomicLong spilled;

    Counting(AtomicInteger jobs, AtomicLong tasks, AtomicLong longest, AtomicLong spilled) {
      this.jobs = jobs;
      this.tasks = tasks;
      this.longest = longest;
      this.spilled = spilled;
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      jobs.incrementAndGet();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      long cpu = end.taskMetrics().executorCpuTime();
      tasks.addAndGet(cpu);
      longest.accumulateAndGet(cpu, Math::max);
      spilled.addAndGet(end.taskMetrics().diskBytesSpilled());
    }
  }
}
