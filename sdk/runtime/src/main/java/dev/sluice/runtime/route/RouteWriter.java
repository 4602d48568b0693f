package dev.sluice.runtime.route;

import dev.sluice.quality.SuitePlan;
import dev.sluice.quality.Tally;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
  private final long now = System.currentTimeMillis() * 1000;
  private final Tally tally = new Tally();
  private final long[] mask;
  private final long[] bits;

  record Factory(
      DataWriterFactory target, DataWriterFactory quarantine, RowLayout layout, String runKey)
      implements DataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      return new RouteWriter(
          target.createWriter(partition, task),
          quarantine.createWriter(partition, task),
          layout,
          runKey);
    }
  }

  private RouteWriter(
      DataWriter<InternalRow> target,
      DataWriter<InternalRow> quarantine,
      RowLayout layout,
      String runKey) {
    this.target = target;
    this.quarantine = quarantine;
    this.layout = layout;
    this.runKey = UTF8String.fromString(runKey);
    this.mask = layout.quarantineMask().stream().mapToLong(Long::longValue).toArray();
    this.bits = new long[2 * layout.words()];
  }

  @Override
  public void write(InternalRow row) throws IOException {
    boolean unreadable = !row.isNullAt(layout.raw());
    boolean bad = unreadable;
    for (int i = 0; i < bits.length; i++) {
      bits[i] = row.getLong(layout.bits() + i);
      bad |= i < layout.words() && (bits[i] & mask[i]) != 0;
    }
    tally.add(bits, unreadable, bad);
    if (bad) {
      quarantine.write(rejected(row, unreadable));
    } else {
      target.write(row);
    }
  }

  /** The row with its reasons, in the order of quarantine's columns. */
  private InternalRow rejected(InternalRow row, boolean unreadable) {
    int width = layout.columns().size();
    Object[] values = new Object[width + 4];
    for (int i = 0; i < width; i++) {
      values[i] = row.isNullAt(i) ? null : row.get(i, layout.columns().apply(i).dataType());
    }
    values[width] = unreadable ? row.getUTF8String(layout.raw()) : null;
    values[width + 1] = new GenericArrayData(reasons(unreadable));
    values[width + 2] = runKey;
    values[width + 3] = now;
    return new GenericInternalRow(values);
  }

  private Object[] reasons(boolean unreadable) {
    List<UTF8String> reasons = new ArrayList<>();
    if (unreadable) {
      reasons.add(UTF8String.fromString(RowLayout.UNREADABLE));
    }
    for (int bit = 0; bit < layout.reasonIds().size(); bit++) {
      if ((bits[bit / SuitePlan.WORD] >>> (bit % SuitePlan.WORD) & 1) == 1) {
        reasons.add(UTF8String.fromString(layout.reasonIds().get(bit)));
      }
    }
    return reasons.toArray();
  }

  @Override
  public WriterCommitMessage commit() throws IOException {
    return new RouteWrite.Message(target.commit(), quarantine.commit(), tally);
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
