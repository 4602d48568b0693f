package dev.sluice.runtime.engine;

import dev.sluice.runtime.join.Look;
import dev.sluice.runtime.join.Uncounted;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF0;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.AccumulatorV2;

/**
 * Counts rows that pass a place in a plan, exactly, whatever Spark repeats.
 *
 * <p>Each partition's count replaces the one before instead of adding to it: a task that is run
 * again, or a sort that samples its input first, leaves the same number. What a join reads to look
 * at its keys, or a second time, is not counted: that need not be cut into the same partitions.
 */
final class RowCounter extends AccumulatorV2<Long, Long> {
  private static final long serialVersionUID = 1L;

  private static final int LOOK = -2;

  private final Map<Integer, Long> byPartition = new HashMap<>();

  /** What the task counts that this copy was made for; a task has one partition. */
  private long running;

  private int partition = -1;

  static RowCounter register(SparkSession spark, String name) {
    RowCounter counter = new RowCounter();
    spark.sparkContext().register(counter, name);
    return counter;
  }

  /** A condition that is always true, and counts. */
  Column passing() {
    UDF0<Boolean> count =
        () -> {
          count(1);
          return true;
        };
    return counting(functions.udf(count, DataTypes.BooleanType)).apply();
  }

  /** The condition itself; counts the rows for which it is not true. */
  Column dropped(Column condition) {
    UDF1<Boolean, Boolean> count =
        keep -> {
          if (!keep) {
            count(1);
          }
          return keep;
        };
    return counting(functions.udf(count, DataTypes.BooleanType))
        .apply(functions.coalesce(condition, functions.lit(false)));
  }

  /** Spark neither leaves it out nor moves it; a join knows it by its name. */
  private static UserDefinedFunction counting(UserDefinedFunction function) {
    return function.withName(Uncounted.COUNTS).asNondeterministic();
  }

  @Override
  public boolean isZero() {
    return byPartition.isEmpty() && running == 0;
  }

  @Override
  public RowCounter copy() {
    RowCounter copy = new RowCounter();
    copy.byPartition.putAll(counts());
    return copy;
  }

  @Override
  public void reset() {
    byPartition.clear();
    running = 0;
  }

  @Override
  public void add(Long count) {
    count(count);
  }

  private void count(long rows) {
    if (running == 0) {
      partition = Look.isTask() ? LOOK : TaskContext.getPartitionId();
    }
    running += rows;
  }

  private Map<Integer, Long> counts() {
    Map<Integer, Long> all = new HashMap<>(byPartition);
    if (running > 0 && partition != LOOK) {
      all.put(partition, running);
    }
    return all;
  }

  @Override
  public void merge(AccumulatorV2<Long, Long> other) {
    byPartition.putAll(((RowCounter) other).counts());
  }

  @Override
  public Long value() {
    return counts().values().stream().mapToLong(Long::longValue).sum();
  }
}
