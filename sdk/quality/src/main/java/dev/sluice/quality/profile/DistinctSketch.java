package dev.sluice.quality.profile;

import java.io.Serializable;

/**
 * Estimates how many different values there are, within about two percent, in four kilobytes.
 *
 * <p>A HyperLogLog: each value's hash names a register and a number of leading zeros, and a
 * register keeps the greatest. The estimate is a function of the registers alone, so that it does
 * not depend on the order in which partitions were merged. Formula: Ertl, "New cardinality
 * estimation algorithms for HyperLogLog sketches", 2017.
 */
final class DistinctSketch implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int BITS = 12;
  private static final int REGISTERS = 1 << BITS;
  private static final int ZEROS = Long.SIZE - BITS;

  /** Empty until there is something to count: most columns never need it. */
  private byte[] registers = new byte[0];

  void add(Object value) {
    allocate();
    long hash = hash(value);
    int register = (int) (hash >>> ZEROS);
    // The bit that is set ends the count where all others are zero.
    int zeros = Long.numberOfLeadingZeros((hash << BITS) | (1L << (BITS - 1))) + 1;
    registers[register] = (byte) Math.max(registers[register], zeros);
  }

  void merge(DistinctSketch other) {
    if (other.registers.length == 0) {
      return;
    }
    allocate();
    for (int i = 0; i < REGISTERS; i++) {
      registers[i] = (byte) Math.max(registers[i], other.registers[i]);
    }
  }

  private void allocate() {
    if (registers.length == 0) {
      registers = new byte[REGISTERS];
    }
  }

  long estimate() {
    if (registers.length == 0) {
      return 0;
    }
    int[] histogram = new int[ZEROS + 2];
    for (byte register : registers) {
      histogram[register]++;
    }
    double sum = REGISTERS * full(1 - (double) histogram[ZEROS + 1] / REGISTERS);
    for (int zeros = ZEROS; zeros > 0; zeros--) {
      sum = 0.5 * (sum + histogram[zeros]);
    }
    sum += REGISTERS * empty((double) histogram[0] / REGISTERS);
    return Math.round((double) REGISTERS * REGISTERS / (2 * Math.log(2) * sum));
  }

  /** What registers that nothing fell into contribute, given their share. */
  private static double empty(double share) {
    if (share == 1) {
      return Double.POSITIVE_INFINITY;
    }
    double power = share;
    double weight = 1;
    double sum = share;
    double before;
    do {
      before = sum;
      power *= power;
      sum += power * weight;
      weight += weight;
    } while (sum != before);
    return sum;
  }

  /** What registers that cannot rise any more contribute, given the share of all others. */
  private static double full(double share) {
    if (share == 0 || share == 1) {
      return 0;
    }
    double root = share;
    double weight = 1;
    double sum = 1 - share;
    double before;
    do {
      before = sum;
      root = Math.sqrt(root);
      weight *= 0.5;
      sum -= (1 - root) * (1 - root) * weight;
    } while (sum != before);
    return sum / 3;
  }

  private static long hash(Object value) {
    if (value instanceof Long number) {
      return mixed(number);
    }
    if (value instanceof Double number) {
      return mixed(Double.doubleToLongBits(number));
    }
    String text = value.toString();
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = hash * 0x9E3779B97F4A7C15L + text.charAt(i);
    }
    return mixed(hash);
  }

  /** Spreads the bits of a number over all 64. */
  private static long mixed(long bits) {
    long mixed = bits + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
