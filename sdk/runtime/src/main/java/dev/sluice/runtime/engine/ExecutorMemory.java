package dev.sluice.runtime.engine;

import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/**
 * How an executor's memory is divided, as the run's settings have it; 0 for what they leave open.
 */
record ExecutorMemory(long heapBytes, long restBytes) {
  static ExecutorMemory of(SparkConf conf) {
    return new ExecutorMemory(
        JavaUtils.byteStringAsBytes(conf.get("spark.executor.memory", "1g")),
        JavaUtils.byteStringAsBytes(conf.get("spark.executor.memoryOverhead", "0")));
  }

  long limitBytes() {
    return heapBytes + restBytes;
  }
}
