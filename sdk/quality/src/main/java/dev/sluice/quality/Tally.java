package dev.sluice.quality;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * How many rows carry which bits. Made by each writing task for itself and merged from those that
 * committed, so retries and speculation cannot count a row twice.
 */
public final class Tally implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows with ever new combinations of bits must not fill the memory. */
  private static final int MOST_COMBINATIONS = 4096;

  @SuppressWarnings("ArrayRecordComponent") // compared by content, below
  private record Words(long[] bits) implements Serializable {
    @Override
    public boolean equals(Object other) {
      return other instanceof Words words && Arrays.equals(bits, words.bits);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bits);
    }
  }

  private static final class Count implements Serializable {
    private static final long serialVersionUID = 1L;
    private long value;
  }

  private final long[] byBit;
  private final Map<Words, Count> combinations = new HashMap<>();
  private Words lastWords;
  private Count lastCount;
  private long rows;
  private long unreadable;
  private long quarantined;

  /** Of rows that carry so many words. */
  public Tally(int words) {
    this.byBit = new long[words * SuitePlan.WORD];
  }

  /**
   * Counts one row.
   *
   * @param bits its words; may be reused by the caller
   */
  public void add(long[] bits, boolean unreadableRow, boolean toQuarantine) {
    rows++;
    unreadable += unreadableRow ? 1 : 0;
    quarantined += toQuarantine ? 1 : 0;
    // Neighbouring rows mostly carry the same bits: no look-up for those.
    if (lastWords == null || !Arrays.equals(lastWords.bits(), bits)) {
      if (combinations.size() == MOST_COMBINATIONS) {
        settle();
      }
      lastWords = new Words(bits.clone());
      lastCount = combinations.computeIfAbsent(lastWords, absent -> new Count());
    }
    lastCount.value++;
  }

  /** Brings the counts of all combinations home to their bits. */
  private void settle() {
    combinations.forEach(
        (words, count) -> {
          for (int word = 0; word < words.bits().length; word++) {
            for (long bits = words.bits()[word]; bits != 0; bits &= bits - 1) {
              byBit[word * SuitePlan.WORD + Long.numberOfTrailingZeros(bits)] += count.value;
            }
          }
        });
    combinations.clear();
    lastWords = null;
    lastCount = null;
  }

  /** Adds what another task has counted. */
  public void merge(Tally other) {
    rows += other.rows;
    unreadable += other.unreadable;
    quarantined += other.quarantined;
    other.settle();
    for (int bit = 0; bit < byBit.length; bit++) {
      byBit[bit] += other.byBit[bit];
    }
  }

  /** All rows. */
  public long rows() {
    return rows;
  }

  /** Rows that their source could not parse. */
  public long unreadable() {
    return unreadable;
  }

  /** Rows that their source could parse: those that expectations ask about. */
  public long readable() {
    return rows - unreadable;
  }

  /** Rows that went to quarantine. */
  public long quarantined() {
    return quarantined;
  }

  /** Rows whose bit is set. */
  public long count(int bit) {
    settle();
    return byBit[bit];
  }
}
