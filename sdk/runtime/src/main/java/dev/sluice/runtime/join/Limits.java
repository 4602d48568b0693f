package dev.sluice.runtime.join;

import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;

/**
 * What the machine and the session set.
 *
 * @param cores tasks at once
 * @param partitions partitions of a shuffle
 * @param broadcast the most bytes of a side that are sent to every task
 * @param hot the most bytes of hot keys' rows that are; nobody but a test has another number here
 * @param look the fewest bytes of a side that is worth a look at its keys
 * @param split the fewest bytes of a partition that adaptive execution splits
 * @param splitFactor by how much such a partition must exceed the median
 */
record Limits(
    int cores,
    int partitions,
    long broadcast,
    long hot,
    long look,
    long split,
    double splitFactor) {
  /** A side that is sent has its rows in a table of hashes, several times as large as its files. */
  private static final long HEAP_PER_BROADCAST = 64;

  private static final long LOOK = 64L << 20;

  static Limits of(SparkSession spark) {
    SQLConf conf = spark.sessionState().conf();
    long own = conf.autoBroadcastJoinThreshold();
    long heap = heap(spark.sparkContext()) / HEAP_PER_BROADCAST;
    boolean splits =
        conf.adaptiveExecutionEnabled() && (Boolean) conf.getConf(SQLConf.SKEW_JOIN_ENABLED());
    long sent = own < 0 ? own : Math.max(own, heap);
    return new Limits(
        TaskSlots.of(spark.sparkContext()),
        conf.numShufflePartitions(),
        sent,
        sent,
        LOOK,
        splits
            ? (Long) conf.getConf(SQLConf.SKEW_JOIN_SKEWED_PARTITION_THRESHOLD())
            : Long.MAX_VALUE,
        (Double) conf.getConf(SQLConf.SKEW_JOIN_SKEWED_PARTITION_FACTOR()));
  }

  /** The least that a process has which works on rows. */
  private static long heap(SparkContext context) {
    long driver = Runtime.getRuntime().maxMemory();
    return context.isLocal() ? driver : Math.min(driver, (long) context.executorMemory() << 20);
  }

  /** So many parts keep all cores busy, though one of them has more to do than others. */
  int parts() {
    return 2 * cores;
  }
}
