package dev.sluice.testkit;

import static org.apache.spark.sql.functions.col;

import dev.sluice.model.ResourceUsage;
import java.io.File;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * A process that runs a job on two executors, of which one is slow, so that Spark starts its task a
 * second time, or dies. Prints what came of it as lines of {@code name=value}.
 */
final class ClusterRun {
  /**
   * How long each row of one partition takes, at the first attempt; the other core is then free.
   */
  private static final long SLOW_MS = 1000;

  private ClusterRun() {}

  /** What happens to the first attempt at one task. */
  enum Fate {
    SLOW,
    LOST
  }

  /** {@code JVM-OPTIONS MASTER FATE}. */
  public static void main(String[] args) throws Exception {
    Fate fate = Fate.valueOf(args[2]);
    SparkConf conf =
        new SparkConf(false)
            .setMaster(args[1])
            .setAppName("cluster-run")
            .set("spark.executor.memory", "512m")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.ui.enabled", "false")
            .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .set("spark.executor.extraJavaOptions", args[0])
            .set("spark.speculation", Boolean.toString(fate == Fate.SLOW))
            .set("spark.speculation.interval", "50ms")
            .set("spark.speculation.quantile", "0.1")
            .set("spark.speculation.multiplier", "1.1")
            .set("spark.speculation.minTaskRuntime", "0ms");
    Seen seen = new Seen();
    // The lake takes the context that is there.
    SparkContext context = new SparkContext(conf);
    context.addSparkListener(seen);
    try (JobHarness job = new JobHarness()) {
      JobResult result =
          ExactnessTest.run(
              job, "cluster", rows -> with(fate, job.folder().resolve("lost").toFile(), rows));
      System.out.println("speculative=" + seen.speculative.get());
      System.out.println("lost=" + seen.lost.get());
      ResourceUsage used = result.receipt().resources().orElseThrow();
      System.out.println("executors=" + used.executors().orElseThrow().seen());
      System.out.println("tasks=" + used.tasks().done());
      ExactnessTest.checkGiven(result);
    }
    System.out.println("exact=true");
    System.exit(0);
  }

  /** Tasks that were started a second time, and executors that are gone. */
  private static final class Seen extends SparkListener {
    private final AtomicInteger speculative = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      speculative.addAndGet(end.taskInfo().speculative() ? 1 : 0);
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
      lost.incrementAndGet();
    }
  }

  private static Dataset<Row> with(Fate fate, File once, Dataset<Row> rows) {
    UDF1<Integer, Integer> meets =
        id -> {
          TaskContext task = TaskContext.get();
          if (task != null && task.attemptNumber() == 0 && task.partitionId() == 0) {
            switch (fate) {
              case SLOW -> Thread.sleep(SLOW_MS);
              case LOST -> {
                if (once.createNewFile()) {
                  Runtime.getRuntime().halt(137); // the executor's: the driver runs no task
                }
              }
            }
          }
          return id;
        };
    return rows.repartition(6)
        .withColumn(
            "id",
            functions.udf(meets, DataTypes.IntegerType).asNondeterministic().apply(col("id")));
  }
}
