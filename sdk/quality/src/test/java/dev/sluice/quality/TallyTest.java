package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {
  private static final int WORDS = 4;

  /** One row as a writing task sees it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Counted(long[] bits, boolean unreadable, boolean bad) {}

  @Test
  void startsAtNothing() {
    assertThat(facts(new Tally(WORDS))).containsOnly(0L);
  }

  @Test
  void countsEveryBitForItself() {
    Tally tally = new Tally(WORDS);
    tally.add(new long[] {0b101, 0, 0, 0}, false, true);
    tally.add(new long[] {0b001, 0, 0b010, 0}, false, true);
    tally.add(new long[] {0, 1L << 63, 0, 1}, false, false);
    tally.add(new long[] {0, 0, 0, 0}, true, true);

    assertThat(tally.rows()).isEqualTo(4);
    assertThat(tally.unreadable()).isEqualTo(1);
    assertThat(tally.quarantined()).isEqualTo(3);
    assertThat(tally.count(0)).isEqualTo(2);
    assertThat(tally.count(1)).isZero();
    assertThat(tally.count(2)).isEqualTo(1);
    assertThat(tally.count(127)).isEqualTo(1);
    assertThat(tally.count(129)).isEqualTo(1);
    assertThat(tally.count(192)).isEqualTo(1);
    assertThat(tally.count(128)).isZero();
  }

  @Test
  void copiesTheBitsThatItsCallerUsesAgain() {
    Tally tally = new Tally(WORDS);
    long[] bits = new long[WORDS];
    for (int row = 0; row < 4; row++) {
      bits[0] = row % 2;
      tally.add(bits, false, false);
    }

    assertThat(tally.count(0)).isEqualTo(2);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void manyTasksCountWhatOneWould(long seed) throws Exception {
    Random random = new Random(seed);
    List<Counted> rows = rows(random);
    Tally one = count(rows);

    List<Tally> tasks = new ArrayList<>();
    for (int from = 0; from < rows.size(); ) {
      int to = Math.min(rows.size(), from + random.nextInt(60));
      tasks.add(sent(count(rows.subList(from, to))));
      from = to;
    }
    Collections.shuffle(tasks, random);
    Tally merged = new Tally(WORDS);
    tasks.forEach(merged::merge);

    assertThat(tasks).hasSizeGreaterThan(3);
    assertThat(facts(merged)).isEqualTo(facts(one));
    assertThat(facts(one).get(0)).isEqualTo(rows.size());
  }

  @Test
  void mergesIntoOneThatGoesOnCounting() {
    Tally tally = count(List.of(new Counted(new long[] {1, 0, 0, 0}, false, true)));
    tally.merge(count(List.of(new Counted(new long[] {1, 0, 0, 0}, false, true))));
    tally.add(new long[] {1, 0, 0, 0}, false, true);

    assertThat(tally.count(0)).isEqualTo(3);
    assertThat(tally.rows()).isEqualTo(3);
  }

  @Test
  void everNewCombinationsAreCountedWithoutBeingKept() {
    Tally tally = new Tally(WORDS);
    for (int row = 0; row < 10_000; row++) {
      tally.add(new long[] {row, 0, ~row, 0}, false, false);
    }

    assertThat(tally.rows()).isEqualTo(10_000);
    assertThat(tally.count(0)).isEqualTo(5_000);
    assertThat(tally.count(128)).isEqualTo(5_000);
  }

  /** Few patterns, as real rows have, and runs of the same one. */
  private static List<Counted> rows(Random random) {
    List<Counted> rows = new ArrayList<>();
    while (rows.size() < 500) {
      long[] bits = new long[WORDS];
      for (int i = 0; i < random.nextInt(4); i++) {
        bits[random.nextInt(bits.length)] |= 1L << random.nextInt(Long.SIZE);
      }
      Counted row = new Counted(bits, random.nextInt(20) == 0, random.nextBoolean());
      rows.addAll(Collections.nCopies(1 + random.nextInt(5), row));
    }
    return rows;
  }

  private static Tally count(List<Counted> rows) {
    Tally tally = new Tally(WORDS);
    rows.forEach(row -> tally.add(row.bits(), row.unreadable(), row.bad()));
    return tally;
  }

  /** As a tally comes from a writing task. */
  private static Tally sent(Tally tally) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(tally);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (Tally) in.readObject();
    }
  }

  private static List<Long> facts(Tally tally) {
    List<Long> facts = new ArrayList<>();
    facts.add(tally.rows());
    facts.add(tally.unreadable());
    facts.add(tally.quarantined());
    for (int bit = 0; bit < WORDS * SuitePlan.WORD; bit++) {
      facts.add(tally.count(bit));
    }
    return facts;
  }
}
