package dev.sluice.quality;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The first failing rows of several checks, found in one pass that ends when it has enough. */
final class Samples {

  /**
   * What is wanted of one check.
   *
   * @param failing true for its failing rows
   * @param shown the values to show of each
   * @param most how many rows at the most
   */
  record Wanted(Column failing, List<Column> shown, int most) {}

  private Samples() {}

  /** The values of failing rows, for each of those wanted. */
  static List<List<List<Object>>> of(Dataset<Row> rows, List<Wanted> all) {
    List<List<List<Object>>> found = new ArrayList<>();
    all.forEach(wanted -> found.add(new ArrayList<>()));
    for (int from = 0; from < all.size(); from += SuitePlan.WORD) {
      pass(rows, all.subList(from, Math.min(all.size(), from + SuitePlan.WORD)), from, found);
    }
    return found;
  }

  private static void pass(
      Dataset<Row> rows, List<Wanted> wanted, int offset, List<List<List<Object>>> found) {
    List<Column> columns = new ArrayList<>();
    Column bits = lit(0L);
    int[] starts = new int[wanted.size()];
    int[] most = new int[wanted.size()];
    for (int i = 0; i < wanted.size(); i++) {
      starts[i] = columns.size() + 1;
      most[i] = wanted.get(i).most();
      for (Column shown : wanted.get(i).shown()) {
        columns.add(shown.as("s" + columns.size()));
      }
      bits = bits.bitwiseOR(when(wanted.get(i).failing(), lit(1L << i)).otherwise(lit(0L)));
    }
    columns.add(0, bits.as("bits"));
    int[] widths = wanted.stream().mapToInt(one -> one.shown().size()).toArray();
    Dataset<Row> failing =
        rows.select(columns.toArray(Column[]::new)).where(col("bits").notEqual(0));
    Take take = new Take(starts, widths, most);
    List<Taken> taken =
        rows.isLocal()
            ? List.of(take.apply(failing.collectAsList().iterator()))
            : Partitions.each(failing, take);
    for (Taken part : taken) {
      for (int i = 0; i < wanted.size(); i++) {
        List<List<Object>> sofar = found.get(offset + i);
        List<ArrayList<Object>> more = part.rows.get(i);
        sofar.addAll(more.subList(0, Math.min(more.size(), most[i] - sofar.size())));
      }
    }
  }

  /** What one partition has of each check. */
  private static final class Taken implements Serializable {
    private static final long serialVersionUID = 1L;
    private final List<ArrayList<ArrayList<Object>>> rows = new ArrayList<>();
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Take(int[] starts, int[] widths, int[] most) implements Partitions.Look<Taken> {
    @Override
    public Taken apply(Iterator<Row> rows) {
      Taken taken = new Taken();
      long open = 0;
      for (int i = 0; i < most.length; i++) {
        taken.rows.add(new ArrayList<>());
        open |= most[i] > 0 ? 1L << i : 0;
      }
      while (open != 0 && rows.hasNext()) {
        Row row = rows.next();
        for (long bits = row.getLong(0) & open; bits != 0; bits &= bits - 1) {
          int check = Long.numberOfTrailingZeros(bits);
          ArrayList<Object> values = new ArrayList<>();
          for (int i = 0; i < widths[check]; i++) {
            values.add(row.get(starts[check] + i));
          }
          taken.rows.get(check).add(values);
          if (taken.rows.get(check).size() == most[check]) {
            open &= ~(1L << check);
          }
        }
      }
      return taken;
    }
  }
}
