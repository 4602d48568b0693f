package dev.sluice.runtime.engine;

import dev.sluice.model.ResourceUsage;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Adds up what tasks have used; those that failed or were not needed any more have used it too. */
final class TaskSums {
  private long done;
  private long failed;
  private long runMillis;
  private long gcMillis;
  private long spilledMemory;
  private long spilledDisk;
  private long peakExecution;
  private long input;
  private long shuffleRead;
  private long shuffleWrite;

  void add(SparkListenerTaskEnd end) {
    if (end.taskInfo().successful()) {
      done++;
    } else if (end.taskInfo().failed()) {
      failed++;
    }
    TaskMetrics used = end.taskMetrics();
    if (used == null) { // of a task whose executor is lost nobody knows
      return;
    }
    runMillis += used.executorRunTime();
    gcMillis += used.jvmGCTime();
    spilledMemory += used.memoryBytesSpilled();
    spilledDisk += used.diskBytesSpilled();
    peakExecution = Math.max(peakExecution, used.peakExecutionMemory());
    input += used.inputMetrics().bytesRead();
    shuffleRead += used.shuffleReadMetrics().totalBytesRead();
    shuffleWrite += used.shuffleWriteMetrics().bytesWritten();
  }

  boolean isEmpty() {
    return done + failed == 0;
  }

  ResourceUsage.Tasks sum() {
    return new ResourceUsage.Tasks(
        done,
        failed,
        runMillis,
        share(gcMillis, runMillis),
        spilledMemory,
        spilledDisk,
        peakExecution,
        input,
        shuffleRead,
        shuffleWrite);
  }

  /** A part of a whole, from 0 to 1 in thousandths; of nothing it is 0. */
  static double share(long part, long whole) {
    return whole <= 0 ? 0 : Math.min(1, Math.round(1000.0 * part / whole) / 1000.0);
  }
}
