package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ResourceUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StageWorkTest {
  @Test
  void theMedianIsWhatHalfOfTheTasksReachAtMost() {
    assertThat(StageWork.median(new long[] {900, 10, 30, 20})).isEqualTo(20);
    assertThat(StageWork.median(new long[] {7})).isEqualTo(7);
    assertThat(StageWork.median(new long[0])).isZero();
  }

  @Test
  void skewIsTheLongestTaskToTheMedian() {
    assertThat(StageWork.skew(new long[] {100, 100, 100, 925}, 925)).contains(9.3);
    assertThat(StageWork.skew(new long[] {100, 100, 100}, 100)).contains(1.0);
    assertThat(StageWork.skew(new long[] {0, 0, 0}, 0)).as("too short to measure").contains(1.0);
  }

  @Test
  void ofTwoTasksNobodyCanSayWhichIsUsual() {
    assertThat(StageWork.skew(new long[] {1, 1000}, 1000)).isEmpty();
  }

  @Test
  void whatSpilledAndWhatWaitedIsToldEvenIfOthersWorkedLonger() {
    List<ResourceUsage.Stage> busy =
        IntStream.range(0, 30).mapToObj(i -> stage(i, 10_000 + i, 0, 10)).toList();
    ResourceUsage.Stage spilled = stage(40, 1, 1 << 20, 10);
    ResourceUsage.Stage uneven = stage(50, 2, 0, 9_000);
    List<ResourceUsage.Stage> all = new ArrayList<>(busy);
    all.add(uneven);
    all.add(spilled);

    assertThat(StageWork.mattering(all, 5))
        .extracting(ResourceUsage.Stage::stage)
        .containsExactly(27, 28, 29, 40, 50);
  }

  @Test
  void fewStagesAreAllTold() {
    assertThat(StageWork.mattering(List.of(stage(2, 5, 0, 1), stage(1, 9, 0, 1)), 5))
        .extracting(ResourceUsage.Stage::stage)
        .containsExactly(1, 2);
  }

  private static ResourceUsage.Stage stage(int number, long runMs, long spilled, long longestMs) {
    ResourceUsage.Tasks tasks =
        new ResourceUsage.Tasks(4, 0, runMs, 0, spilled, spilled, 0, 0, 0, 0);
    return new ResourceUsage.Stage(
        number, 0, "save at Orders.java:7", tasks, longestMs, 10, Optional.empty());
  }
}
