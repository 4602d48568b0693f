package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.lake.Lake;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.Tuple3;

class ExecutorWaitTest {
  private static final SparkListenerExecutorAdded ONE =
      new SparkListenerExecutorAdded(0, "1", null);

  private final Stop stop = new Stop();

  /** A cluster without machines: Spark waits, and says now and then that it does. */
  @Test
  @Timeout(300)
  void aRunThatNobodyWorksForEndsInTheClustersOwnWords() throws Exception {
    SparkConf conf = new SparkConf(false).set("spark.ui.enabled", "false");
    Tuple3<RpcEnv, Object, Option<Object>> cluster =
        Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf);
    String master = cluster._1().address().toSparkURL();
    try (SparkSession spark = spark(master)) {
      stop.attach(spark);
      spark
          .sparkContext()
          .addSparkListener(
              wait(
                  spark,
                  Duration.ofMillis(100),
                  settings -> List.of(settings.get("spark.master"))));

      assertThatThrownBy(() -> spark.range(0, 10, 1, 2).repartition(3).count())
          .hasMessageContaining("cancelled");

      assertThat(stop.ends()).isTrue();
      assertThatThrownBy(stop::check)
          .hasMessage(
              "Cannot run clean-orders: none of its executors has come within 0 s ("
                  + master
                  + "). See that the cluster has room and rights for them, ask for fewer or smaller"
                  + " ones, or raise spark.executor-wait")
          .asInstanceOf(type(SluiceException.class))
          .returns(ErrorKind.INFRA, SluiceException::kind)
          .returns(ExitCode.TRANSIENT, SluiceException::exitCode)
          .returns(true, SluiceException::retryable);
    } finally {
      cluster._1().shutdown();
    }
  }

  @Test
  void oneThatHasAnExecutorDoesNotWait() throws Exception {
    try (SparkSession spark = spark("local[1]")) {
      CompletableFuture<Thread> asked = new CompletableFuture<>();
      ExecutorWait wait =
          wait(
              spark,
              Duration.ofMillis(1),
              settings -> {
                asked.complete(Thread.currentThread());
                return List.of();
              });

      wait.onExecutorAdded(ONE);
      wait.onStageSubmitted(new SparkListenerStageSubmitted(null, null));

      assertThat(Thread.getAllStackTraces().keySet())
          .extracting(Thread::getName)
          .doesNotContain("executor-wait");
      assertThat(asked).isNotDone();
    }
  }

  @Test
  @Timeout(120)
  void oneWhoseExecutorComesWhileTheClusterIsAskedGoesOn() throws Exception {
    try (SparkSession spark = spark("local[1]")) {
      CompletableFuture<Thread> asked = new CompletableFuture<>();
      ExecutorWait[] wait = new ExecutorWait[1];
      wait[0] =
          wait(
              spark,
              Duration.ofMillis(1),
              settings -> {
                wait[0].onExecutorAdded(ONE);
                asked.complete(Thread.currentThread());
                return List.of();
              });

      wait[0].onStageSubmitted(new SparkListenerStageSubmitted(null, null));

      asked.get(60, TimeUnit.SECONDS).join();
      assertThat(stop.ends()).isFalse();
    }
  }

  @Test
  void noTimeIsRefused(@TempDir Path folder) {
    Map<String, String> settings =
        Map.of("lake.warehouse", folder.toUri().toString(), "spark.executor-wait", "PT0S");
    try (Lake lake = Lake.open(settings)) {
      assertThatThrownBy(() -> ExecutorWait.begin(lake, "clean-orders", stop))
          .isInstanceOf(SluiceException.class)
          .hasMessage(
              "Cannot wait PT0S for executors: that is no time. Set spark.executor-wait to PT1M or"
                  + " more");
    }
  }

  private ExecutorWait wait(
      SparkSession spark,
      Duration patience,
      Function<Map<String, String>, List<String>> hindrances) {
    return new ExecutorWait(spark.sparkContext(), patience, "clean-orders", stop, hindrances);
  }

  private static SparkSession spark(String master) {
    return SparkSession.builder()
        .master(master)
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }
}
