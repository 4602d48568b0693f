package dev.sluice.runtime.route;

import java.util.function.UnaryOperator;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.Write;

/**
 * A write with a batch of its own, which lays rows out as another does.
 *
 * @param batch makes the batch from that of the other
 */
public record BatchedWrite(Write write, UnaryOperator<BatchWrite> batch)
    implements RequiresDistributionAndOrdering {
  @Override
  public String description() {
    return write.description();
  }

  @Override
  public BatchWrite toBatch() {
    return batch.apply(write.toBatch());
  }

  @Override
  public Distribution requiredDistribution() {
    return write instanceof RequiresDistributionAndOrdering asks
        ? asks.requiredDistribution()
        : Distributions.unspecified();
  }

  @Override
  public boolean distributionStrictlyRequired() {
    return write instanceof RequiresDistributionAndOrdering asks
        && asks.distributionStrictlyRequired();
  }

  @Override
  public int requiredNumPartitions() {
    return write instanceof RequiresDistributionAndOrdering asks ? asks.requiredNumPartitions() : 0;
  }

  @Override
  public long advisoryPartitionSizeInBytes() {
    return write instanceof RequiresDistributionAndOrdering asks
        ? asks.advisoryPartitionSizeInBytes()
        : 0;
  }

  @Override
  public SortOrder[] requiredOrdering() {
    return write instanceof RequiresDistributionAndOrdering asks
        ? asks.requiredOrdering()
        : new SortOrder[0];
  }
}
