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

  /** The words of one row: first which checks failed, then which had nothing to ask about. */
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

  private final Map<Words, Count> counts = new HashMap<>();
  private Words lastWords;
  private Count lastCount;
  private long rows;
  private long unreadable;
  private long quarantined;

  /**
   * Counts one row.
   *
   * @param bits the failed words, then the missing words; may be reused by the caller
   */
  public void add(long[] bits, boolean unreadableRow, boolean toQuarantine) {
    rows++;
    unreadable += unreadableRow ? 1 : 0;
    quarantined += toQuarantine ? 1 : 0;
    // Neighbouring rows mostly carry the same bits: no look-up for those.
    if (lastWords == null || !Arrays.equals(lastWords.bits(), bits)) {
      lastWords = new Words(bits.clone());
      lastCount = counts.computeIfAbsent(lastWords, absent -> new Count());
    }
    lastCount.value++;
  }

  /** Adds what another task has counted. */
  public void merge(Tally other) {
    rows += other.rows;
    unreadable += other.unreadable;
    quarantined += other.quarantined;
    other.counts.forEach(
        (words, count) ->
            counts.computeIfAbsent(words, absent -> new Count()).value += count.value);
  }

  /** All rows. */
  public long rows() {
    return rows;
  }

  /** Rows that their source could not parse. */
  public long unreadable() {
    return unreadable;
  }

  /** Rows that went to quarantine. */
  public long quarantined() {
    return quarantined;
  }

  /** Rows whose bit is set in the failed words. */
  public long failed(int bit) {
    return sum(bit);
  }

  /** Rows whose bit is set in the missing words of a plan with so many words. */
  public long missing(int bit, int words) {
    return sum(bit + words * SuitePlan.WORD);
  }

  private long sum(int bit) {
    return counts.entrySet().stream()
        .filter(e -> (e.getKey().bits()[bit / SuitePlan.WORD] >>> (bit % SuitePlan.WORD) & 1) == 1)
        .mapToLong(e -> e.getValue().value)
        .sum();
  }
}
