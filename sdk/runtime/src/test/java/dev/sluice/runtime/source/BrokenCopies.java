package dev.sluice.runtime.source;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every way to break a file in one place: cut at each byte, and each byte turned over.
 *
 * @param what for messages
 * @param bytes the broken file
 * @param whole the file as it was
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares two of them
record BrokenCopies(String what, byte[] bytes, byte[] whole) {
  private static final int MARK = 16;

  /** Every bit at once, the lowest and the highest: what counts, types and lengths hinge on. */
  private static final int[] MASKS = {0xFF, 0x01, 0x80};

  /** Whether the file was cut, and yet ends with the mark of Avro's blocks that it ended with. */
  boolean endsAsShorterFile() {
    return bytes.length >= MARK
        && bytes.length < whole.length
        && Arrays.equals(tail(bytes), tail(whole));
  }

  private static byte[] tail(byte[] bytes) {
    return Arrays.copyOfRange(bytes, bytes.length - MARK, bytes.length);
  }

  /** Copies broken at every so many bytes; what a place means for a format is hit by chance. */
  static Iterator<BrokenCopies> of(byte[] whole, int step) {
    return Stream.concat(cut(whole, step), turned(whole, step)).iterator();
  }

  private static Stream<BrokenCopies> cut(byte[] whole, int step) {
    return places(whole, step)
        .mapToObj(at -> new BrokenCopies("cut at " + at, Arrays.copyOf(whole, at), whole));
  }

  private static Stream<BrokenCopies> turned(byte[] whole, int step) {
    return places(whole, step)
        .boxed()
        .flatMap(
            at ->
                Arrays.stream(MASKS)
                    .mapToObj(
                        mask -> {
                          byte[] copy = whole.clone();
                          copy[at] ^= (byte) mask;
                          return new BrokenCopies(
                              String.format("byte %d turned by %02x", at, mask), copy, whole);
                        }));
  }

  private static IntStream places(byte[] whole, int step) {
    return IntStream.iterate(0, at -> at < whole.length, at -> at + step);
  }
}
