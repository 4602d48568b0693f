package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.spi.ClusterProvider;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import scala.Tuple2;

/**
 * Ends a run whose executors do not come; its tasks would wait for them for ever.
 *
 * <p>The time begins when there are tasks to do and nobody to do them, and is over with the first
 * executor: a run that has one goes on, whatever becomes of others.
 */
final class ExecutorWait extends SparkListener {
  private final SparkContext spark;
  private final Duration patience;
  private final String job;
  private final Stop stop;
  private final Function<Map<String, String>, List<String>> hindrances;
  private final CountDownLatch over = new CountDownLatch(1);
  private boolean begun;

  ExecutorWait(
      SparkContext spark,
      Duration patience,
      String job,
      Stop stop,
      Function<Map<String, String>, List<String>> hindrances) {
    this.spark = spark;
    this.patience = patience;
    this.job = job;
    this.stop = stop;
    this.hindrances = hindrances;
  }

  /**
   * Waits beside a run, if it has executors, until one has come.
   *
   * @return what ends the wait where the run ends first
   */
  static Runnable begin(Lake lake, String job, Stop stop) {
    Duration patience = lake.config().sparkExecutorWait();
    if (patience.isNegative() || patience.isZero()) {
      throw SluiceException.config(
          "Cannot wait %s for executors: that is no time. Set spark.executor-wait to PT1M or more",
          patience);
    }
    SparkContext spark = lake.spark().sparkContext();
    if (spark.isLocal()) {
      return () -> {};
    }
    ExecutorWait wait = new ExecutorWait(spark, patience, job, stop, ExecutorWait::askTheCluster);
    spark.addSparkListener(wait);
    return wait::end;
  }

  @Override
  public synchronized void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    if (over.getCount() > 0 && !begun) {
      if (hasExecutor()) {
        over.countDown();
      } else {
        begun = true;
        Thread wait = new Thread(this::await, "executor-wait");
        wait.setDaemon(true);
        wait.start();
      }
    }
    if (stop.ends()) {
      spark.cancelAllJobs(); // of a run that is to end; somebody has caught what ended his first
    }
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded added) {
    if (!added.executorId().equals(Workload.DRIVER)) {
      over.countDown();
    }
  }

  private void end() {
    over.countDown();
    spark.removeSparkListener(this);
  }

  private void await() {
    try {
      if (over.await(patience.toMillis(), TimeUnit.MILLISECONDS)
          || spark.isStopped()
          || hasExecutor()) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    SluiceException nobody = nobodyCame();
    if (over.getCount() > 0) { // nor while the cluster was asked
      stop.ask(nobody);
    }
  }

  /** One may have come before this has listened. */
  private boolean hasExecutor() {
    return spark.getExecutorMemoryStatus().size() > 1; // the driver is in it
  }

  private SluiceException nobodyCame() {
    Map<String, String> settings = new HashMap<>();
    for (Tuple2<String, String> setting : spark.getConf().getAll()) {
      settings.put(setting._1(), setting._2());
    }
    List<String> told = hindrances.apply(settings);
    return new SluiceException(
        ErrorKind.INFRA,
        String.format(
            "Cannot run %s: none of its executors has come within %d s (%s). See that the cluster has"
                + " room and rights for them, ask for fewer or smaller ones, or raise"
                + " spark.executor-wait",
            job,
            patience.toSeconds(),
            told.isEmpty() ? "the cluster does not say why" : String.join("; ", told)));
  }

  private static List<String> askTheCluster(Map<String, String> spark) {
    try {
      return ServiceLoader.load(ClusterProvider.class)
          .findFirst()
          .map(cluster -> cluster.hindrances(spark))
          .orElse(List.of());
    } catch (RuntimeException | LinkageError e) {
      return List.of("the cluster does not answer: " + Failures.firstLine(e));
    }
  }
}
