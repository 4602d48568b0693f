package dev.sluice.runtime.route;

import dev.sluice.quality.RowNotes;
import dev.sluice.quality.SuitePlan;
import dev.sluice.runtime.spi.FailPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.unsafe.types.UTF8String;

/** Hands each row of a task to the target's writer or to quarantine's, and counts its bits. */
final class RouteWriter implements DataWriter<InternalRow> {
  private final DataWriter<InternalRow> target;
  private final DataWriter<InternalRow> quarantine;
  private final RowLayout layout;
  private final UTF8String runKey;
  private final UTF8String suite;
  private final long micros;
  private final RowNotes notes;
  private final long[] mask;
  private final long[] bits;

  record Factory(
      DataWriterFactory target,
      DataWriterFactory quarantine,
      RowLayout layout,
      String runKey,
      long micros)
      implements DataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      return new RouteWriter(
          target.createWriter(partition, task),
          quarantine.createWriter(partition, task),
          layout,
          runKey,
          micros);
    }
  }

  private RouteWriter(
      DataWriter<InternalRow> target,
      DataWriter<InternalRow> quarantine,
      RowLayout layout,
      String runKey,
      long micros) {
    this.target = target;
    this.quarantine = quarantine;
    this.layout = layout;
    this.runKey = UTF8String.fromString(runKey);
    this.suite = UTF8String.fromString(layout.suite());
    this.micros = micros;
    this.notes = layout.notes();
    this.mask = layout.quarantineMask().stream().mapToLong(Long::longValue).toArray();
    this.bits = new long[layout.words()];
  }

  @Override
  public void write(InternalRow row) throws IOException {
    boolean unreadable = !row.isNullAt(layout.raw());
    boolean bad = unreadable;
    for (int i = 0; i < bits.length; i++) {
      bits[i] = row.getLong(layout.bits() + i);
      bad |= (bits[i] & mask[i]) != 0;
    }
    notes.add(bits, row, unreadable, bad);
    if (bad) {
      quarantine.write(rejected(row, unreadable));
    } else {
      target.write(row);
    }
  }

  /** The row with its reasons, as {@link RowLayout#quarantine} orders them. */
  private InternalRow rejected(InternalRow row, boolean unreadable) {
    int width = layout.columns().size();
    Object[] values = new Object[width + 9];
    for (int i = 0; i < width; i++) {
      values[i] = row.isNullAt(i) ? null : row.get(i, layout.columns().apply(i).dataType());
    }
    values[width] = unreadable ? row.getUTF8String(layout.raw()) : null;
    List<SuitePlan.Reason> failed = failed();
    values[width + 1] = texts(unreadable, failed, SuitePlan.Reason::id);
    values[width + 2] = texts(unreadable, failed, SuitePlan.Reason::type);
    values[width + 3] = runKey;
    values[width + 4] = micros;
    values[width + 5] = row.getUTF8String(layout.sourceFile());
    values[width + 6] =
        row.isNullAt(layout.sourcePosition()) ? null : row.getLong(layout.sourcePosition());
    values[width + 7] = suite;
    values[width + 8] = null; // no replay has published it yet
    return new GenericInternalRow(values);
  }

  private List<SuitePlan.Reason> failed() {
    List<SuitePlan.Reason> failed = new ArrayList<>();
    for (SuitePlan.Reason reason : layout.reasons()) {
      if ((bits[reason.bit() / SuitePlan.WORD] >>> (reason.bit() % SuitePlan.WORD) & 1) == 1) {
        failed.add(reason);
      }
    }
    return failed;
  }

  private static GenericArrayData texts(
      boolean unreadable, List<SuitePlan.Reason> failed, Function<SuitePlan.Reason, String> text) {
    List<UTF8String> texts = new ArrayList<>();
    if (unreadable) {
      texts.add(UTF8String.fromString(RowLayout.UNREADABLE));
    }
    failed.forEach(reason -> texts.add(UTF8String.fromString(text.apply(reason))));
    return new GenericArrayData(texts.toArray());
  }

  @Override
  public WriterCommitMessage commit() throws IOException {
    FailPoint.WRITING.hit();
    return new RouteWrite.Message(target.commit(), quarantine.commit(), notes);
  }

  @Override
  public void abort() throws IOException {
    try {
      target.abort();
    } finally {
      quarantine.abort();
    }
  }

  @Override
  public void close() throws IOException {
    try {
      target.close();
    } finally {
      quarantine.close();
    }
  }
}
