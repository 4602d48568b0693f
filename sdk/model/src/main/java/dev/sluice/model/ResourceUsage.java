package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * What a run has used of machines. Memory in bytes, times in milliseconds, shares from 0 to 1.
 *
 * @param driver the run's own process
 * @param executors those beside it, where the run had some
 * @param tasks all tasks together
 * @param stages those that matter most, in the order in which they began
 * @param advice what to give the run another time, where that is sure; at most two sentences
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ResourceUsage(
    Driver driver,
    Optional<Executors> executors,
    Tasks tasks,
    List<Stage> stages,
    List<String> advice) {

  /**
   * The run's own process, which without executors is where its tasks work.
   *
   * @param limitBytes its container's limit
   * @param heapMaxBytes what its heap may take
   * @param heapPeakBytes what its heap has held at most, garbage included
   * @param rssPeakBytes what it has had in memory at most, heap and all else, where Linux tells
   * @param gcShare of the run's time in which the JVM has collected garbage
   */
  public record Driver(
      Optional<Long> limitBytes,
      long heapMaxBytes,
      long heapPeakBytes,
      Optional<Long> rssPeakBytes,
      double gcShare) {}

  /**
   * Executors.
   *
   * @param seen how many have worked for the run, those that were lost among them
   * @param limitBytes the limit of each one's container
   * @param heapMaxBytes what each one's heap may take
   * @param heapPeakBytes what one's heap has held at most, garbage included, where that was seen
   */
  public record Executors(
      int seen, Optional<Long> limitBytes, long heapMaxBytes, Optional<Long> heapPeakBytes) {}

  /**
   * Tasks, added up.
   *
   * @param done how many have ended well
   * @param failed how many have not
   * @param runMs how long they have worked, all together
   * @param gcShare of that time in which their JVM has collected garbage
   * @param spilledMemoryBytes what they had to put on disk, as it lay in memory
   * @param spilledDiskBytes the same as it lay on disk
   * @param peakExecutionBytes what one of them has had at most for sorting, grouping and joining
   * @param inputBytes what they have read of files
   * @param shuffleReadBytes what they have read of a shuffle
   * @param shuffleWriteBytes what they have written for one
   */
  public record Tasks(
      long done,
      long failed,
      long runMs,
      double gcShare,
      long spilledMemoryBytes,
      long spilledDiskBytes,
      long peakExecutionBytes,
      long inputBytes,
      long shuffleReadBytes,
      long shuffleWriteBytes) {}

  /**
   * One attempt at a stage.
   *
   * @param stage Spark's number of it
   * @param attempt which attempt, from 0
   * @param name the line of code that it belongs to
   * @param tasks its tasks
   * @param longestMs how long its longest task has worked, of those that ended well
   * @param medianMs how long half of them have worked, at most
   * @param skew the longest to the median, where there are enough tasks to say so
   */
  public record Stage(
      int stage,
      int attempt,
      String name,
      Tasks tasks,
      long longestMs,
      long medianMs,
      Optional<Double> skew) {}

  /** The same with advice. */
  public ResourceUsage advising(List<String> sentences) {
    return new ResourceUsage(driver, executors, tasks, stages, List.copyOf(sentences));
  }
}
