package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt.Status;
import dev.sluice.model.ResourceUsage;
import dev.sluice.model.ResourceUsage.Driver;
import dev.sluice.model.ResourceUsage.Executors;
import dev.sluice.model.ResourceUsage.Stage;
import dev.sluice.model.ResourceUsage.Tasks;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizingTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;
  private static final Tasks QUIET = tasks(600_000, 0.02, 0);
  private static final Optional<Executors> NONE = Optional.empty();

  @ParameterizedTest(name = "{1} MiB of {0} MiB: {2}")
  @CsvSource({"4096,310,1Gi", "4096,1000,1536Mi", "65536,5000,8Gi", "262144,120000,"})
  void memoryThatNobodyUsedIsNamed(long limit, long peak, String size) {
    List<String> advice = advice(driver(limit, peak, peak / 2), NONE, QUIET, Status.COMMITTED);

    assertThat(advice)
        .isEqualTo(
            size == null
                ? List.of()
                : List.of("used " + peak + " MiB of " + limit + " MiB: " + size + " would do"));
  }

  @Test
  void aSizeMustHoldTheHeapToo() {
    assertThat(advice(driver(8192, 1400, 1300), NONE, QUIET, Status.COMMITTED))
        .as("a heap of 1300 MiB at most, at 60 % of a container, with room")
        .containsExactly("used 1400 MiB of 8192 MiB: 4Gi would do");
  }

  @Test
  void lessThanHalfIsNotProposed() {
    assertThat(advice(driver(2048, 700, 400), NONE, QUIET, Status.COMMITTED)).isEmpty();
  }

  @Test
  void onlyARunThatHasDoneItsWorkHasShownWhatItNeeds() {
    assertThat(advice(driver(4096, 310, 200), NONE, QUIET, Status.FAILED)).isEmpty();
  }

  @Test
  void whereNoLimitOrNoPeakIsKnownNothingIsSure() {
    Driver laptop = new Driver(Optional.empty(), GIB, MIB, Optional.of(MIB), 0);
    Driver elsewhere = new Driver(Optional.of(8 * GIB), GIB, MIB, Optional.empty(), 0);

    assertThat(advice(laptop, NONE, QUIET, Status.COMMITTED)).isEmpty();
    assertThat(advice(elsewhere, NONE, QUIET, Status.COMMITTED)).isEmpty();
  }

  @Test
  void ofARunWithExecutorsTheDriversMemoryIsNotLowered() {
    assertThat(advice(driver(8192, 310, 200), executors(), QUIET, Status.COMMITTED)).isEmpty();
  }

  @Test
  void whatLayOnDiskAsksForMoreMemory() {
    Tasks spilled = tasks(600_000, 0.3, 12 * GIB);

    assertThat(advice(driver(4096, 310, 200), NONE, spilled, Status.COMMITTED))
        .containsExactly(
            "spilled 12.0 GiB from memory to disk: more memory, such as 8Gi, spares that");
    assertThat(advice(driver(4096, 310, 200), executors(), spilled, Status.FAILED))
        .containsExactly(
            "spilled 12.0 GiB from memory to disk: more memory for executors, such as 2Gi, spares"
                + " that");
  }

  @Test
  void aLittleOnDiskDoesNot() {
    assertThat(advice(driver(2048, 1500, 900), NONE, tasks(600_000, 0, GIB - 1), Status.COMMITTED))
        .isEmpty();
  }

  @Test
  void collectingGarbageForLongAsksForMoreMemory() {
    Driver driver = driver(4096, 3900, 2400);

    assertThat(advice(driver, NONE, tasks(600_000, 0.31, 0), Status.COMMITTED))
        .containsExactly(
            "collecting garbage took 31 % of the tasks' time: more memory, such as 8Gi, spares that");
    assertThat(advice(driver, NONE, tasks(59_000, 0.31, 0), Status.COMMITTED))
        .as("short work")
        .isEmpty();
    assertThat(advice(driver, NONE, tasks(600_000, 0.19, 0), Status.COMMITTED)).isEmpty();
  }

  @Test
  void aStageThatWaitsForOneTaskIsNamed() {
    Stage even = stage(3, 90_000, 60_000, 1.5);
    Stage uneven = stage(4, 120_000, 13_000, 9.2);
    Stage small = stage(5, 900, 10, 90);

    assertThat(Sizing.advice(used(List.of(even, uneven, small)), Status.COMMITTED))
        .containsExactly(
            "stage 4 (save at Orders.java:7) waits for one task: 120 s, 9.2 times the median");
    assertThat(Sizing.advice(used(List.of(even, small)), Status.COMMITTED)).isEmpty();
  }

  private static List<String> advice(
      Driver driver, Optional<Executors> executors, Tasks tasks, Status status) {
    return Sizing.advice(new ResourceUsage(driver, executors, tasks, List.of(), List.of()), status);
  }

  private static ResourceUsage used(List<Stage> stages) {
    return new ResourceUsage(driver(2048, 1500, 900), NONE, QUIET, stages, List.of());
  }

  private static Driver driver(long limitMib, long peakMib, long heapPeakMib) {
    return new Driver(
        Optional.of(limitMib * MIB),
        limitMib * MIB * 6 / 10,
        heapPeakMib * MIB,
        Optional.of(peakMib * MIB),
        0);
  }

  private static Optional<Executors> executors() {
    return Optional.of(new Executors(2, Optional.of(GIB), GIB * 6 / 10, Optional.empty()));
  }

  private static Tasks tasks(long runMs, double gcShare, long spilled) {
    return new Tasks(100, 0, runMs, gcShare, spilled, spilled / 3, 0, 0, 0, 0);
  }

  private static Stage stage(int number, long longestMs, long medianMs, double skew) {
    return new Stage(
        number, 0, "save at Orders.java:7", QUIET, longestMs, medianMs, Optional.of(skew));
  }
}
