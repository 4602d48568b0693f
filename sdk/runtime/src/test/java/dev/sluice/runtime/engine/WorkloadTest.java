package dev.sluice.runtime.engine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Receipt.Status;
import dev.sluice.model.ResourceUsage;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class WorkloadTest {
  /** A sort of more rows than these puts them on disk, however much memory there is. */
  private static final int IN_MEMORY = 1000;

  private final Workload workload = new Workload();
  private SparkSession spark;

  @AfterEach
  void stop() {
    spark.stop();
  }

  @Test
  void addsUpWhatTasksHaveUsed() {
    start("local[2]");
    write(sorted());

    ResourceUsage used = used();

    assertThat(used.tasks().done()).isGreaterThanOrEqualTo(5);
    assertThat(used.tasks().failed()).isZero();
    assertThat(used.tasks().runMs()).isPositive();
    assertThat(used.tasks().spilledMemoryBytes()).isPositive();
    assertThat(used.tasks().spilledDiskBytes()).isPositive();
    assertThat(used.tasks().peakExecutionBytes()).isPositive();
    assertThat(used.tasks().shuffleReadBytes()).isPositive();
    assertThat(used.tasks().shuffleWriteBytes()).isPositive();
    assertThat(used.tasks().gcShare()).isBetween(0.0, 1.0);
    assertThat(used.executors()).as("all in this process").isEmpty();
    assertThat(used.driver().heapPeakBytes()).isBetween(1L, used.driver().heapMaxBytes());
  }

  @Test
  void tellsItOfEachStage() {
    start("local[2]");
    write(sorted());

    ResourceUsage used = used();

    assertThat(used.stages()).hasSize(2);
    ResourceUsage.Stage first = used.stages().get(0);
    ResourceUsage.Stage second = used.stages().get(1);
    assertThat(first.tasks().done()).isEqualTo(4);
    assertThat(first.skew()).isPresent();
    assertThat(first.tasks().shuffleWriteBytes()).isEqualTo(used.tasks().shuffleWriteBytes());
    assertThat(first.tasks().spilledMemoryBytes()).isZero();
    assertThat(second.stage()).isGreaterThan(first.stage());
    assertThat(second.tasks().spilledMemoryBytes()).isEqualTo(used.tasks().spilledMemoryBytes());
    assertThat(second.name()).matches("save at WorkloadTest\\.java:\\d+");
    assertThat(first.name()).as("not a line of Spark's").isEqualTo(second.name());
    assertThat(first.longestMs()).isGreaterThanOrEqualTo(first.medianMs());
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux tells what a process has had at most")
  void tellsWhatTheProcessHasHadAtMost() {
    start("local[1]");
    write(spark.range(10).toDF());

    assertThat(used().driver().rssPeakBytes().orElseThrow())
        .isGreaterThan(Runtime.getRuntime().totalMemory() / 100);
  }

  @Test
  void keepsAFewStagesOfMany() {
    start("local[2]");
    for (int i = 0; i < 25; i++) {
      write(spark.range(0, 10, 1, 2).toDF());
    }

    ResourceUsage used = used();

    assertThat(used.tasks().done()).isEqualTo(50);
    assertThat(used.stages()).hasSize(8);
  }

  @Test
  void saysNothingWhereNothingHasRun() {
    start("local[1]");
    workload.settle();

    assertThat(workload.used(Status.FAILED)).isEmpty();
    assertThat(workload.outOfMemory()).isEmpty();
  }

  @Test
  void aTaskThatHasRunOutOfMemoryIsPlaced() {
    start("local[1,2]");
    assertThatThrownBy(() -> write(hungry(2))).isInstanceOf(Throwable.class);

    workload.settle();

    OutOfMemory.Place place = workload.outOfMemory().orElseThrow();
    assertThat(place.stage()).matches("\\d+ \\(save at WorkloadTest\\.java:\\d+\\)");
    assertThat(place.executor()).as("it was this process").isEmpty();
    assertThat(workload.used(Status.FAILED).orElseThrow().tasks().failed()).isEqualTo(2);
  }

  @Test
  void oneThatHasDoneItTheSecondTimeHasNotEndedTheRun() {
    start("local[1,2]");
    write(hungry(1));

    workload.settle();

    assertThat(workload.outOfMemory()).isEmpty();
    assertThat(workload.used(Status.COMMITTED).orElseThrow().tasks().failed()).isEqualTo(1);
  }

  @Test
  @Timeout(120)
  void doesNotWaitForEverForWhatSparkTells() {
    start("local[1]");
    CountDownLatch held = new CountDownLatch(1);
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onJobStart(SparkListenerJobStart start) {
                try {
                  held.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            });
    write(spark.range(10).toDF());

    workload.settle();
    held.countDown();

    assertThat(workload.outOfMemory()).isEmpty();
  }

  private void start(String master) {
    spark =
        SparkSession.builder()
            .master(master)
            .config("spark.ui.enabled", "false")
            .config("spark.executor.killOnFatalError.depth", "0")
            .config("spark.shuffle.spill.numElementsForceSpillThreshold", IN_MEMORY)
            .getOrCreate();
    workload.watch(spark);
  }

  private ResourceUsage used() {
    workload.settle();
    return workload.used(Status.COMMITTED).orElseThrow();
  }

  /** Rows that go through a shuffle into a sort for which there is no room. */
  private Dataset<Row> sorted() {
    return spark
        .range(0, 50 * IN_MEMORY, 1, 4)
        .toDF()
        .repartition(3, col("id"))
        .sortWithinPartitions("id");
  }

  private static void write(Dataset<Row> rows) {
    rows.write().format("noop").mode("overwrite").save();
  }

  /** Rows of one partition, at which the first attempts run out of memory. */
  private Dataset<Row> hungry(int attempts) {
    UDF1<Long, Long> eats =
        id -> {
          if (TaskContext.get().attemptNumber() < attempts) {
            throw new OutOfMemoryError("Java heap space");
          }
          return id;
        };
    return spark
        .range(0, 3, 1, 1)
        .toDF()
        .withColumn("id", udf(eats, DataTypes.LongType).apply(col("id")));
  }
}
