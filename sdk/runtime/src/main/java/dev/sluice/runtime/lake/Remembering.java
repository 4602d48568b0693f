package dev.sluice.runtime.lake;

import java.util.function.Consumer;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.Write;

/** A write that tells which batch it made: the batch's commit is called later than Spark would. */
record Remembering(Write write, Consumer<BatchWrite> made)
    implements RequiresDistributionAndOrdering {
  @Override
  public String description() {
    return write.description();
  }

  @Override
  public BatchWrite toBatch() {
    BatchWrite batch = write.toBatch();
    made.accept(batch);
    return batch;
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
