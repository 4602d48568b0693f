package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutOfMemoryTest {
  private static final Optional<SparkConf> SPARK =
      Optional.of(
          new SparkConf(false)
              .set("spark.executor.memory", "614m")
              .set("spark.executor.memoryOverhead", "410m"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Task 0 in stage 3.0 failed 4 times, most recent failure: ExecutorLostFailure (executor 7 exited"
            + " caused by one of the running tasks) Reason: The executor with id 7 exited with exit code"
            + " 137(SIGKILL, possible container OOM).",
        "Lost task 0.3 in stage 3.0 (TID 3) (10.0.0.8 executor 7): java.lang.OutOfMemoryError: Java heap"
            + " space"
      })
  void saysWhoseMemoryItWasHowItIsDividedAndHowMuchToGive(String spark) {
    List<Throwable> chain = List.of(new SparkException(spark));

    assertThat(OutOfMemory.isAmong(chain)).isTrue();
    SluiceException told =
        OutOfMemory.of(chain, "clean-orders", Phase.TRANSFORM, Optional.empty(), SPARK);
    assertThat(told.exitCode()).isEqualTo(ExitCode.MEMORY);
    assertThat(told)
        .hasMessage(
            "Cannot transform clean-orders: out of memory (executor 7: 1024 MiB memory limit, 614 MiB"
                + " heap, 410 MiB for all else, in stage 3). Give executors more memory in the job's"
                + " resources, such as 1536Mi");
  }

  @Test
  void ofARunWithoutExecutorsItIsItsOwn() {
    List<Throwable> chain = List.of(new OutOfMemoryError("Java heap space"));

    assertThat(OutOfMemory.of(chain, "clean-orders", Phase.GATE, Optional.empty(), SPARK))
        .hasMessageMatching(
            "Cannot gate clean-orders: out of memory \\((\\d+ MiB memory limit, )?\\d+ MiB heap,"
                + "( \\d+ MiB for all else,)? used at most \\d+ MiB of heap( and \\d+ MiB in"
                + " all)?\\)\\. Give the job more memory in its resources, such as \\d+Mi");
  }

  /** Where the job's own code runs out within a task, Spark throws what the task threw. */
  @Test
  void whatATaskThrewIsPlacedByWhatWasSeenOfTheTask() {
    List<Throwable> chain = List.of(new OutOfMemoryError("Java heap space"));
    OutOfMemory.Place there =
        new OutOfMemory.Place(
            "3 (save at Orders.java:7)", Optional.of("7"), Optional.of(600L << 20));
    OutOfMemory.Place here =
        new OutOfMemory.Place("3 (save at Orders.java:7)", Optional.empty(), Optional.empty());

    assertThat(OutOfMemory.of(chain, "clean-orders", Phase.TRANSFORM, Optional.of(there), SPARK))
        .hasMessage(
            "Cannot transform clean-orders: out of memory (executor 7: 1024 MiB memory limit, 614 MiB"
                + " heap, 410 MiB for all else, used at most 600 MiB of heap, in stage 3 (save at"
                + " Orders.java:7)). Give executors more memory in the job's resources, such as"
                + " 1536Mi");
    assertThat(OutOfMemory.of(chain, "clean-orders", Phase.TRANSFORM, Optional.of(here), SPARK))
        .hasMessageContaining(", in stage 3 (save at Orders.java:7)). Give the job more memory");
  }

  @Test
  void isSaidEvenWhereSparkIsGone() {
    List<Throwable> chain = List.of(new SparkException("executor 7: OutOfMemoryError"));

    assertThat(
            OutOfMemory.of(chain, "clean-orders", Phase.READ, Optional.empty(), Optional.empty()))
        .hasMessageContaining("Give the job more memory");
  }

  @Test
  void anExecutorThatIsLostOtherwiseDidNotRunOutOfMemory() {
    assertThat(
            OutOfMemory.isAmong(
                List.of(new SparkException("The executor with id 7 exited with exit code 143"))))
        .isFalse();
  }
}
