package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShufflesTest {
  private static final int USUAL = 4;

  @Test
  void aSmallInputHasTheUsual() {
    assertThat(Shuffles.partitions(0, 2, USUAL)).isEqualTo(USUAL);
    assertThat(Shuffles.partitions(USUAL * Shuffles.BYTES, 64, USUAL)).isEqualTo(USUAL);
  }

  @Test
  void aLargeOneHasOneForSoManyBytes() {
    assertThat(Shuffles.partitions(100 * Shuffles.BYTES + 1, 2, USUAL)).isEqualTo(101);
  }

  @Test
  void noSlotIsIdle() {
    assertThat(Shuffles.partitions(5 * Shuffles.BYTES, 64, USUAL)).isEqualTo(64);
  }

  @Test
  void thereIsAMost() {
    assertThat(Shuffles.partitions(Long.MAX_VALUE / 2, 64, USUAL)).isEqualTo(Shuffles.MOST);
  }
}
