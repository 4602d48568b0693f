package dev.sluice.quality.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctSketchTest {

  @ParameterizedTest(name = "{0} values")
  @ValueSource(longs = {0, 1, 100, 3_000, 10_000, 20_000, 1_000_000})
  void estimatesAreRightWithinFivePercent(long count) {
    assertThat((double) sketch(count, n -> n).estimate())
        .isCloseTo((double) count, within(0.05 * count));
    assertThat((double) sketch(count, n -> "flight-" + n).estimate())
        .isCloseTo((double) count, within(0.05 * count));
    assertThat((double) sketch(count, n -> n / 7.0).estimate())
        .isCloseTo((double) count, within(0.05 * count));
  }

  @Test
  void theOrderOfMergingMakesNoDifference() {
    DistinctSketch low = sketch(5_000, n -> n);
    DistinctSketch high = sketch(5_000, n -> n + 2_500);
    DistinctSketch all = sketch(7_500, n -> n);

    low.merge(high);
    low.merge(new DistinctSketch());
    DistinctSketch other = new DistinctSketch();
    other.merge(sketch(5_000, n -> n + 2_500));
    other.merge(sketch(5_000, n -> n));

    assertThat(low.estimate()).isEqualTo(other.estimate()).isEqualTo(all.estimate());
  }

  private static DistinctSketch sketch(long count, LongFunction<Object> value) {
    DistinctSketch sketch = new DistinctSketch();
    LongStream.range(0, count).forEach(n -> sketch.add(value.apply(n)));
    LongStream.range(0, count / 2).forEach(n -> sketch.add(value.apply(n)));
    return sketch;
  }
}
