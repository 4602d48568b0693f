package dev.sluice.runtime.source;

import dev.sluice.model.Source.LineBreaks;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Cuts the bytes of a file into records. */
final class Splitter implements Closeable {
  /** The longest record that is looked at, in bytes. */
  static final int MOST_BYTES = 16 << 20;

  /** How much of a record quarantine keeps, in bytes. */
  static final int MOST_RAW = 64 << 10;

  private final InputStream in;
  private final boolean quoted;
  private final byte[] buffer = new byte[64 << 10];
  private int at;
  private int limit;
  private long bufferStart;

  private byte[] record = new byte[4 << 10];
  private int length;
  private long start;
  private long total;
  private int lines;

  /**
   * Begins to cut.
   *
   * @param position where in the file the stream stands
   */
  Splitter(InputStream in, long position, LineBreaks lineBreaks) {
    this.in = in;
    this.bufferStart = position;
    this.quoted = lineBreaks == LineBreaks.MAY_BE_QUOTED;
  }

  /** Where the next record begins. */
  long position() {
    return bufferStart + at;
  }

  /** The bytes of the record; those from {@link #length} on are of no meaning. */
  byte[] record() {
    return record;
  }

  int length() {
    return length;
  }

  /** Where the record begins in the file. */
  long start() {
    return start;
  }

  /** How many lines the record spans. */
  int lines() {
    return lines;
  }

  /** Whether the record is longer than anybody looks; only its beginning is at hand. */
  boolean isTooLong() {
    return total > MOST_BYTES;
  }

  /** The record's own size. */
  long total() {
    return total;
  }

  /** The record as text for people, cut where it is long, whatever its bytes are. */
  String text() {
    int kept = Math.min(length, MOST_RAW);
    String text = new String(record, 0, kept, StandardCharsets.UTF_8);
    return total > kept
        ? String.format("%s… (%d more bytes, from byte %d on)", text, total - kept, start + kept)
        : text;
  }

  /** Skips a byte order mark of UTF-8; answers whether there is one of UTF-16 instead. */
  boolean beginsAsUtf16() throws IOException {
    while (limit - at < 3 && fill()) {
      // A stream may hand over its bytes one at a time.
    }
    int first = limit - at > 0 ? buffer[at] & 0xFF : -1;
    int second = limit - at > 1 ? buffer[at + 1] & 0xFF : -1;
    if (first == 0xEF && second == 0xBB && limit - at > 2 && (buffer[at + 2] & 0xFF) == 0xBF) {
      at += 3;
    }
    return (first == 0xFE && second == 0xFF) || (first == 0xFF && second == 0xFE);
  }

  /** Goes to the next record; answers false at the end. */
  boolean next() throws IOException {
    start = position();
    length = 0;
    total = 0;
    lines = 1;
    if (at == limit && !fill()) {
      return false;
    }
    boolean open = false;
    while (true) {
      int from = at;
      boolean ended = false;
      while (at < limit && !ended) {
        byte one = buffer[at++];
        if (one == '\n') {
          ended = !open;
          lines += open ? 1 : 0;
        } else if (one == '"' && quoted) {
          open = !open;
        }
      }
      keep(from, at - from - (ended ? 1 : 0));
      if (ended || !fill()) {
        if (length > 0 && total == length && record[length - 1] == '\r') {
          length--;
          total--;
        }
        return true;
      }
    }
  }

  private void keep(int from, int count) {
    total += count;
    if (isTooLong()) {
      length = Math.min(length, MOST_RAW);
      return;
    }
    if (length + count > record.length) {
      record = Arrays.copyOf(record, Math.max(length + count, 2 * record.length));
    }
    System.arraycopy(buffer, from, record, length, count);
    length += count;
  }

  /** Reads on; what has been looked at is given up, unless less than a mark's length is there. */
  private boolean fill() throws IOException {
    int left = limit - at;
    System.arraycopy(buffer, at, buffer, 0, left);
    bufferStart += at;
    at = 0;
    int read = in.read(buffer, left, buffer.length - left);
    limit = left + Math.max(read, 0);
    return read > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
