package dev.sluice.runtime.engine;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** How large a table's rows are, as its own statistics say. */
final class TableSize {
  /**
   * Of a smaller table nobody asks how much is read: finding that out reads the lists of its files
   * once more.
   */
  private static final long LARGE = 8 * Shuffles.BYTES;

  private TableSize() {}

  /**
   * The bytes of what is read of a table; 0 where its format does not tell.
   *
   * @param all the whole table
   * @param read those of its rows that are read
   */
  static long of(Dataset<Row> all, Dataset<Row> read) {
    long bytes = told(all);
    return bytes > LARGE && read != all ? Math.min(bytes, told(read)) : bytes;
  }

  private static long told(Dataset<Row> rows) {
    scala.math.BigInt bytes = rows.queryExecution().optimizedPlan().stats().sizeInBytes();
    long none = rows.sparkSession().sessionState().conf().defaultSizeInBytes();
    return bytes.isValidLong() && bytes.toLong() < none ? bytes.toLong() : 0;
  }
}
