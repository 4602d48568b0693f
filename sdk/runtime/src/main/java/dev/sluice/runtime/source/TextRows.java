package dev.sluice.runtime.source;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Source.LineBreaks;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/** The rows of one part of a text file. */
final class TextRows implements Iterator<InternalRow>, Closeable {

  /**
   * A part of a file: the records that begin in it.
   *
   * @param size the whole file's
   */
  record Part(Path path, long start, long length, long size) {}

  /**
   * What to make of records.
   *
   * @param name what the job calls what it reads
   * @param places for each column of a row, which of the declared ones it is; -1 for the text of an
   *     unreadable record
   */
  @SuppressWarnings("ArrayRecordComponent") // looked into for every row, compared by nobody
  record Wanted(String name, int[] places, Unreadable unreadable) implements java.io.Serializable {}

  private final Part part;
  private final Wanted wanted;
  private final Splitter records;
  private final TextRecords.Parser parser;
  private final long end;
  private final GenericInternalRow row;
  private boolean found;

  TextRows(Configuration hadoop, Part part, TextRecords kind, Wanted wanted) throws IOException {
    this.part = part;
    this.wanted = wanted;
    this.row = new GenericInternalRow(wanted.places().length);
    Splitter first =
        new Splitter(Inflated.open(hadoop, part.path(), part.size()), 0, kind.lineBreaks());
    try {
      requireUtf8(wanted.name(), part.path(), first);
      parser =
          kind.parser(part.path().toString(), kind.hasHeader() ? header(first) : Optional.empty());
    } catch (IOException | RuntimeException e) {
      first.close();
      throw e;
    }
    if (part.start() == 0) {
      records = first;
    } else {
      first.close();
      records = within(hadoop);
    }
    boolean whole = Inflated.isCompressed(part.path()) || part.length() >= part.size();
    end = whole ? Long.MAX_VALUE : part.start() + part.length();
  }

  /** Refuses a file that begins as one of UTF-16 does. */
  static void requireUtf8(String name, Path path, Splitter first) throws IOException {
    if (first.beginsAsUtf16()) {
      throw new SluiceException(
          ErrorKind.DATA,
          String.format("Cannot read %s: %s is UTF-16. Deliver it as UTF-8", name, path));
    }
  }

  private static Optional<byte[]> header(Splitter first) throws IOException {
    return first.next()
        ? Optional.of(Arrays.copyOf(first.record(), first.length()))
        : Optional.empty();
  }

  /** At the first record that begins in the part: after the end of the one that began before. */
  private Splitter within(Configuration hadoop) throws IOException {
    FSDataInputStream file = part.path().getFileSystem(hadoop).open(part.path());
    try {
      file.seek(part.start() - 1);
      Splitter rest = new Splitter(file, part.start() - 1, LineBreaks.END_RECORDS);
      rest.next();
      return rest;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public boolean hasNext() {
    try {
      while (!found && records.position() < end && records.next()) {
        found = records.total() > 0;
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    found = false;
    try {
      fill(values(), null);
    } catch (Unparsable e) {
      requireKept(e);
      fill(null, UTF8String.fromString(records.text()));
    }
    return row;
  }

  private Object[] values() throws Unparsable {
    if (records.isTooLong()) {
      throw new Unparsable(
          String.format("it has %d bytes, the limit is %d", records.total(), Splitter.MOST_BYTES));
    }
    byte[] record = records.record();
    int length = records.length();
    if (!UTF8String.fromBytes(record, 0, length).isValid()) {
      throw new Unparsable("it is not UTF-8");
    }
    return parser.parse(record, length);
  }

  /** A record that is bad over several lines may have swallowed good ones: it is never let pass. */
  private void requireKept(Unparsable e) {
    boolean swallowed = records.lines() > 1;
    if (wanted.unreadable() == Unreadable.KEPT && !swallowed) {
      return;
    }
    throw new SluiceException(
        ErrorKind.DATA,
        String.format(
            "Cannot read %s: the record at byte %d of %s cannot be read: %s%s. Correct the file",
            wanted.name(),
            records.start(),
            part.path(),
            e.getMessage(),
            swallowed ? "; it spans " + records.lines() + " lines, so nobody knows its end" : ""),
        e);
  }

  private void fill(Object[] values, UTF8String raw) {
    int[] places = wanted.places();
    for (int column = 0; column < places.length; column++) {
      boolean isRaw = places[column] < 0;
      row.update(column, isRaw ? raw : values == null ? null : values[places[column]]);
    }
  }

  @Override
  public void close() throws IOException {
    records.close();
  }
}
