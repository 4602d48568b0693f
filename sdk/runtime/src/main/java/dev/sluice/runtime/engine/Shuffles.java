package dev.sluice.runtime.engine;

import dev.sluice.runtime.join.TaskSlots;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Into how many partitions a run shuffles its rows: by what it reads, unless the settings say. */
final class Shuffles {
  /**
   * Bytes of input to a partition, as they lie in compressed files: several times as much once
   * read, which is what a task of the usual size can sort without spilling. Adaptive execution
   * joins those that turn out small; it cannot part those that turn out large.
   */
  static final long BYTES = 32L << 20;

  /** Every task that writes has a piece for every partition. */
  static final int MOST = 4000;

  private static final String SETTING = "spark.sql.shuffle.partitions";

  private Shuffles() {}

  /**
   * Sets a session to what these inputs ask for.
   *
   * @return what is to be told of it; empty where nothing was changed
   */
  static Optional<String> fit(SparkSession spark, long bytes) {
    int usual = Integer.parseInt(spark.conf().get(SETTING));
    int asked = partitions(bytes, TaskSlots.of(spark.sparkContext()), usual);
    if (asked == usual) {
      return Optional.empty();
    }
    spark.conf().set(SETTING, Integer.toString(asked));
    return Optional.of(
        String.format("shuffles have %d partitions, for %d MiB of input", asked, bytes >> 20));
  }

  /**
   * At least the usual, and for a large input as many as keep all task slots busy.
   *
   * @param slots tasks at once
   */
  static int partitions(long bytes, int slots, int usual) {
    long bySize = Math.min(MOST, (bytes + BYTES - 1) / BYTES);
    return bySize <= usual ? usual : (int) Math.max(bySize, slots);
  }
}
