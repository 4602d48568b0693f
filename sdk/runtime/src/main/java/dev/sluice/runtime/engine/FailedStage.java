package dev.sluice.runtime.engine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.status.api.v1.StageData;
import org.apache.spark.status.api.v1.StageStatus;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.OptionConverters;

/** What Spark knows of a stage that it has given up. */
final class FailedStage {
  /** Until it has told itself all that has happened. */
  private static final long PATIENCE_MS = 5_000;

  private FailedStage() {}

  /** Why it has given up the last one: the task, the executor, what that threw. */
  static Optional<String> last(SparkContext spark) {
    try {
      spark.listenerBus().waitUntilEmpty(PATIENCE_MS);
    } catch (TimeoutException e) {
      // Then with what it knows by now.
    }
    List<StageData> failed =
        CollectionConverters.asJava(
            spark
                .statusStore()
                .stageList(List.of(StageStatus.FAILED), false, false, new double[0], List.of()));
    return failed.stream()
        .max((one, other) -> Integer.compare(one.stageId(), other.stageId()))
        .flatMap(stage -> OptionConverters.toJava(stage.failureReason()));
  }
}
