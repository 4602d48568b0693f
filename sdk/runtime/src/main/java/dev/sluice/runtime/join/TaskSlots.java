package dev.sluice.runtime.join;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/** How many tasks a session runs at once. */
public final class TaskSlots {
  private TaskSlots() {}

  /** Those of all executors that there may be: when a run begins, few of them have come. */
  public static int of(SparkContext context) {
    return of(context.getConf(), context.defaultParallelism());
  }

  static int of(SparkConf conf, int now) {
    int executors =
        conf.getInt(
            "spark.dynamicAllocation.maxExecutors", conf.getInt("spark.executor.instances", 0));
    return executors == 0 ? now : executors * conf.getInt("spark.executor.cores", 1);
  }
}
