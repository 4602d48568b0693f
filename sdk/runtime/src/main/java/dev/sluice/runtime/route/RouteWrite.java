package dev.sluice.runtime.route;

import dev.sluice.quality.RowNotes;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriterCommitMessage;

/** Writes through two other writes; rows are laid out as the target asks. */
final class RouteWrite implements RequiresDistributionAndOrdering {
  private final Route route;
  private final Write target;
  private final Write quarantine;

  RouteWrite(Route route) {
    this.route = route;
    this.target = route.target().write();
    this.quarantine = route.quarantine().write();
  }

  @Override
  public String description() {
    return "gate before " + target.description();
  }

  @Override
  public Distribution requiredDistribution() {
    return target instanceof RequiresDistributionAndOrdering asks
        ? asks.requiredDistribution()
        : Distributions.unspecified();
  }

  @Override
  public boolean distributionStrictlyRequired() {
    return target instanceof RequiresDistributionAndOrdering asks
        && asks.distributionStrictlyRequired();
  }

  @Override
  public int requiredNumPartitions() {
    return target instanceof RequiresDistributionAndOrdering asks
        ? asks.requiredNumPartitions()
        : 0;
  }

  @Override
  public long advisoryPartitionSizeInBytes() {
    return target instanceof RequiresDistributionAndOrdering asks
        ? asks.advisoryPartitionSizeInBytes()
        : 0;
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return target instanceof RequiresDistributionAndOrdering asks
        ? asks.requiredOrdering()
        : new SortOrder[0];
  }

  @Override
  public BatchWrite toBatch() {
    return new Batch(route, target.toBatch(), quarantine.toBatch());
  }

  /** What one task sends to the driver when it commits. */
  record Message(WriterCommitMessage target, WriterCommitMessage quarantine, RowNotes notes)
      implements WriterCommitMessage {}

  private record Batch(Route route, BatchWrite target, BatchWrite quarantine)
      implements BatchWrite {
    @Override
    public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
      return new RouteWriter.Factory(
          target.createBatchWriterFactory(info),
          quarantine.createBatchWriterFactory(info),
          route.layout(),
          route.runKey(),
          route.micros());
    }

    @Override
    public void commit(WriterCommitMessage[] messages) {
      for (WriterCommitMessage message : messages) {
        route.notes().merge(((Message) message).notes());
      }
      route.target().staged(of(messages, Message::target));
      route.quarantine().staged(of(messages, Message::quarantine));
      route.committed();
    }

    @Override
    public void abort(WriterCommitMessage[] messages) {
      target.abort(of(messages, Message::target));
      quarantine.abort(of(messages, Message::quarantine));
    }

    private static WriterCommitMessage[] of(
        WriterCommitMessage[] messages, Function<Message, WriterCommitMessage> part) {
      return Arrays.stream(messages)
          .map(message -> message == null ? null : part.apply((Message) message))
          .toArray(WriterCommitMessage[]::new);
    }
  }
}
