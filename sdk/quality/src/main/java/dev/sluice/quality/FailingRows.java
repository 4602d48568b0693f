package dev.sluice.quality;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The first failing rows of each check, kept while they are written so that nobody has to look for
 * them afterwards. Made by each writing task for itself and merged in the order of the tasks.
 */
public final class FailingRows implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Rows that take more are not sent around: who wants to see them reads them where they lie. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int BYTES_A_CELL = 16;

  /** How many more rows each bit wants. */
  private final int[] wanted;

  /** In each word, the bits that still want rows. */
  private final long[] open;

  private final List<InternalRow> rows = new ArrayList<>();
  private int bytes;
  private boolean complete = true;

  /**
   * Of checks that want to show rows.
   *
   * @param wanted how many rows at the most, for each bit of every word
   */
  public FailingRows(int[] wanted) {
    this.wanted = wanted.clone();
    this.open = new long[(wanted.length + SuitePlan.WORD - 1) / SuitePlan.WORD];
    for (int bit = 0; bit < wanted.length; bit++) {
      open[bit / SuitePlan.WORD] |= wanted[bit] > 0 ? 1L << (bit % SuitePlan.WORD) : 0;
    }
  }

  /**
   * Keeps a row if it fails a check that has not enough rows yet.
   *
   * @param bits its words
   * @param row copied where it is kept
   */
  public void add(long[] bits, InternalRow row) {
    boolean keep = false;
    for (int word = 0; word < open.length; word++) {
      long asking = bits[word] & open[word];
      keep |= asking != 0;
      for (; asking != 0; asking &= asking - 1) {
        int bit = word * SuitePlan.WORD + Long.numberOfTrailingZeros(asking);
        if (--wanted[bit] == 0) {
          open[word] &= ~(asking & -asking);
        }
      }
    }
    if (keep) {
      keep(row);
    }
  }

  private void keep(InternalRow row) {
    bytes += row instanceof UnsafeRow flat ? flat.getSizeInBytes() : row.numFields() * BYTES_A_CELL;
    if (bytes > MOST_BYTES) {
      complete = false;
      rows.clear();
      Arrays.fill(open, 0);
    } else {
      rows.add(row.copy());
    }
  }

  /** Appends what the next task has kept. */
  public void merge(FailingRows next) {
    complete &= next.complete;
    rows.addAll(next.rows);
  }

  /**
   * The rows as a frame that is read without a job; empty where they were too large to be kept.
   *
   * @param schema what the rows that were added hold
   */
  public Optional<Dataset<Row>> frame(SparkSession spark, StructType schema) {
    if (!complete) {
      return Optional.empty();
    }
    List<Attribute> columns = new ArrayList<>();
    CollectionConverters.asJava(DataTypeUtils.toAttributes(schema)).forEach(columns::add);
    LocalRelation local =
        new LocalRelation(
            CollectionConverters.asScala(columns).toList(),
            CollectionConverters.asScala(rows).toList(),
            false,
            Option.empty());
    return Optional.of(
        org.apache.spark.sql.classic.Dataset.ofRows(
            (org.apache.spark.sql.classic.SparkSession) spark, local));
  }
}
