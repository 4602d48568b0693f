package dev.sluice.quality;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

/**
 * What a writing task notes of its rows, so that as little as can be is asked of them afterwards.
 * Made by each task for itself and merged from those that committed, in their order.
 */
public final class RowNotes implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * What is to be noted.
   *
   * @param words how many words of bits a row carries
   * @param shown how many failing rows each bit is to show
   * @param counted the columns whose values are counted
   */
  public record Wanted(int words, List<Integer> shown, List<String> counted)
      implements Serializable {
    /** Nothing but how many rows there are. */
    public static final Wanted NOTHING = new Wanted(0, List.of(), List.of());
  }

  /**
   * What need not be asked of the staged rows.
   *
   * @param failing the first failing rows of each check; empty where nobody has kept them
   * @param values the frequencies of columns, by name, all values of each
   */
  public record Known(Optional<Dataset<Row>> failing, Map<String, Frequencies> values) {
    /** Everything must be asked. */
    public static final Known NOTHING = new Known(Optional.empty(), Map.of());
  }

  private final Tally tally;
  private final FailingRows failing;
  private final ValueCounts values;

  /** Of rows whose leading columns are these. */
  public RowNotes(Wanted wanted, StructType columns) {
    this.tally = new Tally(wanted.words());
    this.failing = new FailingRows(wanted.shown().stream().mapToInt(Integer::intValue).toArray());
    this.values = new ValueCounts(wanted.counted(), columns);
  }

  /**
   * Notes one row.
   *
   * @param bits its words; may be reused by the caller
   * @param row may be reused as well
   */
  public void add(long[] bits, InternalRow row, boolean unreadable, boolean toQuarantine) {
    tally.add(bits, unreadable, toQuarantine);
    if (!unreadable) {
      failing.add(bits, row);
      values.add(row);
    }
  }

  /** Adds what the next task has noted. */
  public void merge(RowNotes next) {
    tally.merge(next.tally);
    failing.merge(next.failing);
    values.merge(next.values);
  }

  /** How many rows carry which bits. */
  public Tally tally() {
    return tally;
  }

  /**
   * What is known without asking the staged rows.
   *
   * @param schema everything that a noted row holds
   */
  public Known known(SparkSession spark, StructType schema) {
    return new Known(failing.frame(spark, schema), values.known());
  }
}
