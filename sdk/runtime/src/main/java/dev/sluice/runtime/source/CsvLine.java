package dev.sluice.runtime.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Where the values of one CSV record lie, by RFC 4180 and nothing more lenient. */
final class CsvLine {
  /** The longest value, in bytes. */
  static final int MOST_BYTES = 1 << 20;

  private byte[] bytes;
  private int[] from = new int[32];
  private int[] to = new int[32];
  private boolean[] quoted = new boolean[32];
  private boolean[] escaped = new boolean[32];
  private int count;

  /** Finds the values of a record. */
  void split(byte[] record, int length) throws Unparsable {
    bytes = record;
    count = 0;
    int at = 0;
    do {
      at = at < length && record[at] == '"' ? quoted(at, length) : plain(at, length);
      if (to[count - 1] - from[count - 1] > MOST_BYTES) {
        throw new Unparsable("value " + count + " is longer than " + MOST_BYTES + " bytes");
      }
    } while (at++ < length);
  }

  /** Where the comma after a value without quotes is, or the record's end. */
  private int plain(int begin, int length) throws Unparsable {
    int at = begin;
    while (at < length && bytes[at] != ',') {
      switch (bytes[at]) {
        case '"' -> throw new Unparsable("a quote stands within value " + (count + 1));
        case '\r' -> throw new Unparsable("a carriage return stands within value " + (count + 1));
        case 0 -> throw nul();
        default -> at++;
      }
    }
    add(begin, at, false, false);
    return at;
  }

  private int quoted(int begin, int length) throws Unparsable {
    boolean escapes = false;
    int at = begin + 1;
    while (true) {
      if (at >= length) {
        throw new Unparsable("the quote that opens value " + (count + 1) + " is never closed");
      }
      if (bytes[at] == 0) {
        throw nul();
      }
      if (bytes[at] == '"') {
        if (at + 1 >= length || bytes[at + 1] != '"') {
          break;
        }
        escapes = true;
        at++;
      }
      at++;
    }
    add(begin + 1, at, true, escapes);
    if (at + 1 < length && bytes[at + 1] != ',') {
      throw new Unparsable("text follows the closing quote of value " + count);
    }
    return at + 1;
  }

  private Unparsable nul() {
    return new Unparsable("a NUL stands within value " + (count + 1));
  }

  private void add(int begin, int end, boolean isQuoted, boolean hasEscapes) {
    if (count == from.length) {
      from = Arrays.copyOf(from, 2 * count);
      to = Arrays.copyOf(to, 2 * count);
      quoted = Arrays.copyOf(quoted, 2 * count);
      escaped = Arrays.copyOf(escaped, 2 * count);
    }
    from[count] = begin;
    to[count] = end;
    quoted[count] = isQuoted;
    escaped[count] = hasEscapes;
    count++;
  }

  int count() {
    return count;
  }

  /** Whether nothing at all stands between two commas. */
  boolean isAbsent(int value) {
    return !quoted[value] && from[value] == to[value];
  }

  /** A value's bytes, without its quotes. */
  byte[] value(int value) {
    if (!escaped[value]) {
      return Arrays.copyOfRange(bytes, from[value], to[value]);
    }
    byte[] plain = new byte[to[value] - from[value]];
    int length = 0;
    for (int at = from[value]; at < to[value]; at++) {
      plain[length++] = bytes[at];
      if (bytes[at] == '"') {
        at++; // the second of two stands for nothing
      }
    }
    return Arrays.copyOf(plain, length);
  }

  String text(int value) {
    return new String(value(value), StandardCharsets.UTF_8);
  }
}
