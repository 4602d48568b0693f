package dev.sluice.runtime.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.join.Decision.Given;
import dev.sluice.runtime.join.Decision.HotKeys;
import dev.sluice.runtime.join.Decision.Looks;
import dev.sluice.runtime.join.Decision.Strategy;
import dev.sluice.runtime.join.Kind.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DecisionTest {
  private static final long MIB = 1 << 20;

  /** Eight cores, forty partitions, and what Spark sets by itself. */
  private static final Limits EIGHT = new Limits(8, 40, 32 * MIB, 32 * MIB, 64 * MIB, 256 * MIB, 5);

  private final List<Side> looked = new ArrayList<>();

  private Decision decide(Kind kind, long left, long right, Limits limits, double... shares) {
    return decide(kind, left, right, limits, Optional.empty(), Optional.empty(), shares);
  }

  private Decision decide(
      Kind kind,
      long left,
      long right,
      Limits limits,
      Optional<String> obstacle,
      Optional<Double> shareOfOther,
      double... shares) {
    Map<Side, Long> bytes = Map.of(Side.LEFT, left * MIB, Side.RIGHT, right * MIB);
    return Decision.auto(
        new Given(kind, bytes, obstacle, limits), looks(Optional.of(keys(shares)), shareOfOther));
  }

  private Looks looks(Optional<HotKeys> keys, Optional<Double> share) {
    return new Looks() {
      @Override
      public Optional<HotKeys> hot(Side side) {
        looked.add(side);
        return keys;
      }

      @Override
      public Optional<Double> share(HotKeys hot, Side side) {
        return share;
      }
    };
  }

  private static HotKeys keys(double... shares) {
    Map<Long, Double> found = new java.util.HashMap<>();
    for (double share : shares) {
      found.put((long) found.size(), share);
    }
    return new HotKeys(found);
  }

  @ParameterizedTest(name = "{0} of {1} and {2} MiB")
  @CsvSource({
    "INNER, 900, 32, RIGHT", "INNER, 32, 900, LEFT", "INNER, 30, 20, RIGHT", "LEFT, 900, 1, RIGHT",
    "LEFT, 1, 1, RIGHT", "RIGHT, 1, 900, LEFT", "SEMI, 900, 1, RIGHT", "ANTI, 900, 1, RIGHT"
  })
  void theSideThatMayBeRepeatedIsSentWhereItIsSmall(Kind kind, long left, long right, Side sent) {
    Decision decision = decide(kind, left, right, EIGHT);

    assertThat(decision.strategy()).isEqualTo(Strategy.BROADCAST);
    assertThat(decision.side()).contains(sent);
    assertThat(looked).isEmpty();
  }

  @Test
  void theReasonOfABroadcastNamesBothSizes() {
    assertThat(decide(Kind.LEFT, 900, 32, EIGHT).reason())
        .isEqualTo("the right side has 32.0 MiB, and up to 32.0 MiB are sent to every task");
  }

  @ParameterizedTest(name = "{0} of {1} and {2} MiB")
  @CsvSource({"LEFT, 1, 900", "RIGHT, 900, 1", "SEMI, 1, 900", "ANTI, 1, 900", "FULL, 1, 1"})
  void theOtherSideIsNeverSent(Kind kind, long left, long right) {
    assertThat(decide(kind, left, right, EIGHT, 0.9).strategy()).isEqualTo(Strategy.PLAIN);
  }

  @Test
  void ofAFullJoinNoSideIsRepeated() {
    Decision decision = decide(Kind.FULL, 900, 900, EIGHT, 0.9);

    assertThat(decision.strategy()).isEqualTo(Strategy.PLAIN);
    assertThat(decision.reason()).isEqualTo("neither side of a full join can be repeated");
    assertThat(looked).isEmpty();
  }

  @Test
  void keysWithoutACommonHashAreNotLookedAt() {
    Optional<String> unlike = Optional.of("'id' is int on the left and bigint on the right");

    assertThat(decide(Kind.LEFT, 900, 900, EIGHT, unlike, Optional.empty(), 0.9).reason())
        .isEqualTo(unlike.get());
    assertThat(decide(Kind.LEFT, 900, 9, EIGHT, unlike, Optional.empty(), 0.9).strategy())
        .isEqualTo(Strategy.BROADCAST);
    assertThat(looked).isEmpty();
  }

  @Test
  void aSmallSideIsNotLookedAt() {
    assertThat(decide(Kind.LEFT, 63, 900, EIGHT, 0.9).reason())
        .isEqualTo("the left side has 63.0 MiB, too little to look for hot keys");
    assertThat(looked).isEmpty();
  }

  @ParameterizedTest(name = "{0} of {1} and {2} MiB")
  @CsvSource({
    "INNER, 100, 200, RIGHT",
    "INNER, 200, 100, LEFT",
    "LEFT, 100, 200, LEFT",
    "RIGHT, 200, 100, RIGHT",
    "SEMI, 100, 200, LEFT",
    "ANTI, 100, 200, LEFT"
  })
  void theLargerSideThatMayBeSpreadIsSpread(Kind kind, long left, long right, Side spread) {
    Decision decision = decide(kind, left, right, EIGHT, 0.5, 0.04, 0.02);

    assertThat(decision.strategy()).isEqualTo(Strategy.SALTED);
    assertThat(decision.side()).contains(spread);
    assertThat(looked).containsExactly(spread);
  }

  @Test
  void hotKeysAreThoseThatOneCoreWouldFeel() {
    Decision decision = decide(Kind.LEFT, 100, 200, EIGHT, 0.5, 0.04, 0.02);

    assertThat(decision.hot().shares().values()).containsExactlyInAnyOrder(0.5, 0.04);
    assertThat(decision.parts()).isEqualTo(16);
    assertThat(decision.largestShare()).contains(0.5);
    assertThat(decision.reason())
        .isEqualTo(
            "the hottest key has 50.0 % of the left side: its rows are spread over 16 parts");
  }

  @Test
  void aKeyWithNoMoreThanACoresShareIsLeft() {
    Limits two = new Limits(2, 4, 32 * MIB, 32 * MIB, 64 * MIB, 256 * MIB, 5);
    Decision decision = decide(Kind.LEFT, 900, 900, two, 0.38, 0.135);

    assertThat(decision.strategy()).isEqualTo(Strategy.PLAIN);
    assertThat(decision.largestShare()).contains(0.38);
    assertThat(decision.reason())
        .isEqualTo(
            "the hottest key has 38.0 % of the left side, no more than one of 2 cores does anyway");
    assertThat(decide(Kind.LEFT, 900, 900, EIGHT).reason())
        .isEqualTo("no key of the left side is hot");
  }

  @Test
  void whatAdaptiveExecutionSplitsIsLeftToIt() {
    Decision decision = decide(Kind.LEFT, 900, 900, EIGHT, 0.38);

    assertThat(decision.strategy()).isEqualTo(Strategy.PLAIN);
    assertThat(decision.reason())
        .isEqualTo(
            "the hottest key has 38.0 % of the left side, which adaptive execution splits by itself");
  }

  @Test
  void whatItDoesNotSplitIsSpread() {
    Limits fewPartitions = new Limits(8, 4, 32 * MIB, 32 * MIB, 64 * MIB, 256 * MIB, 5);
    Limits off = new Limits(8, 40, 32 * MIB, 32 * MIB, 64 * MIB, Long.MAX_VALUE, 5);

    assertThat(decide(Kind.LEFT, 600, 900, EIGHT, 0.38).strategy())
        .as("less than 256 MiB")
        .isEqualTo(Strategy.SALTED);
    assertThat(decide(Kind.LEFT, 900, 900, fewPartitions, 0.38).strategy())
        .as("less than five times the median")
        .isEqualTo(Strategy.SALTED);
    assertThat(decide(Kind.LEFT, 900, 900, off, 0.38).strategy())
        .as("off")
        .isEqualTo(Strategy.SALTED);
  }

  private Decision split(Kind kind, double shareOfOther, double... shares) {
    return decide(kind, 900, 800, EIGHT, Optional.empty(), Optional.of(shareOfOther), shares);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(
      value = Kind.class,
      names = {"INNER", "LEFT", "SEMI", "ANTI"})
  void whereFewKeysHaveMostRowsTheseAreNotShuffled(Kind kind) {
    Decision decision = split(kind, 0.01, 0.38, 0.1, 0.07);

    assertThat(decision.strategy()).isEqualTo(Strategy.SPLIT);
    assertThat(decision.side()).contains(Side.LEFT);
    assertThat(decision.hot().shares()).hasSize(3);
    assertThat(decision.largestShare()).contains(0.38);
    assertThat(decision.reason())
        .isEqualTo(
            "3 keys have 55.0 % of the left side: these rows are not shuffled, the right side's of"
                + " these keys (8.0 MiB) are sent to every task");
  }

  @Test
  void theyAreWhereTheirRowsOfTheOtherSideAreTooManyToSendOrTheyHaveLessThanHalf() {
    assertThat(split(Kind.LEFT, 0.041, 0.38, 0.17).strategy()).isEqualTo(Strategy.PLAIN);
    assertThat(split(Kind.LEFT, 0.001, 0.38, 0.11).strategy()).isEqualTo(Strategy.PLAIN);
    assertThat(split(Kind.LEFT, 0.039, 0.38, 0.13).strategy()).isEqualTo(Strategy.SPLIT);
  }

  @Test
  void aSideThatWouldBeMadeTwiceIsNotLookedAt() {
    Map<Side, Long> bytes = Map.of(Side.LEFT, Long.MAX_VALUE, Side.RIGHT, Long.MAX_VALUE);
    Decision decision =
        Decision.auto(
            new Given(Kind.LEFT, bytes, Optional.empty(), EIGHT),
            looks(Optional.empty(), Optional.empty()));

    assertThat(decision.reason())
        .isEqualTo(
            "the left side is more than columns of files: to look at its keys would make it twice");
  }

  @Test
  void executorsThatAreStillToComeCount() {
    SparkConf two = new SparkConf(false).set("spark.executor.instances", "2");
    SparkConf upToFour =
        new SparkConf(false)
            .set("spark.dynamicAllocation.maxExecutors", "4")
            .set("spark.executor.cores", "3");

    assertThat(TaskSlots.of(new SparkConf(false), 8)).isEqualTo(8);
    assertThat(TaskSlots.of(two, 1)).isEqualTo(2);
    assertThat(TaskSlots.of(upToFour, 1)).isEqualTo(12);
  }
}
