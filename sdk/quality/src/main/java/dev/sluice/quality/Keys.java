package dev.sluice.quality;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import dev.sluice.quality.Check.KeyCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The rows whose key occurs more than once.
 *
 * <p>Keys are grouped by a hash of eight bytes, which is all that a shuffle moves; mostly no hash
 * occurs twice and nothing is left to do. Only hashes that do are looked at again by their keys.
 */
final class Keys {
  /** More suspicious hashes than these are not carried around: all keys are grouped instead. */
  private static final int MOST_SUSPECTS = 100_000;

  private static final String HASH = "_sluice_hash";
  private static final String COPIES = "_sluice_copies";

  private final Column asked;
  private final Dataset<Row> rows;
  private final Column[] keys;

  Keys(KeyCheck check, Scope scope, Dataset<Row> rows) {
    this.rows = rows;
    this.asked =
        scope.condition().map(c -> c.and(not(check.missing()))).orElse(not(check.missing()));
    this.keys = new Column[check.columns().size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = scope.column(check.columns().get(i));
    }
  }

  /** The keys that occur more than once, each once with the number of its copies; empty if none. */
  Optional<Dataset<Row>> repeated() {
    Dataset<Row> hashed = rows.where(asked).select(hashedKeys());
    List<Long> suspects = suspects(hashed);
    if (suspects.isEmpty()) {
      return Optional.empty();
    }
    Dataset<Row> looked =
        suspects.size() > MOST_SUSPECTS ? hashed : hashed.join(broadcast(frame(suspects)), HASH);
    return Optional.of(
        looked
            .groupBy(named().toArray(Column[]::new))
            .agg(count(lit(1)).as(COPIES))
            .where(col(COPIES).gt(1)));
  }

  /** The hashes that occur more than once; more than are of use where there are too many. */
  private static List<Long> suspects(Dataset<Row> hashed) {
    // Sorted, not grouped: nearly every group would be one row, and a map of them all fills memory.
    Dataset<Long> sorted =
        hashed.select(HASH).repartition(col(HASH)).sortWithinPartitions(HASH).as(Encoders.LONG());
    return Partitions.each(sorted, Keys::repeats).stream()
        .flatMapToLong(Arrays::stream)
        .boxed()
        .toList();
  }

  private static long[] repeats(Iterator<Long> sorted) {
    List<Long> repeats = new ArrayList<>();
    long last = 0;
    boolean first = true;
    boolean repeated = false;
    while (sorted.hasNext() && repeats.size() <= MOST_SUSPECTS) {
      long hash = sorted.next();
      boolean again = !first && hash == last;
      if (again && !repeated) {
        repeats.add(hash);
      }
      repeated = again;
      last = hash;
      first = false;
    }
    return repeats.stream().mapToLong(Long::longValue).toArray();
  }

  /** How many rows carry keys that are repeated. */
  static long copies(Dataset<Row> repeated) {
    Row total = repeated.agg(sum(col(COPIES))).first();
    return total.isNullAt(0) ? 0 : total.getLong(0);
  }

  /** Those of the rows whose key is repeated. */
  Dataset<Row> rowsOf(Dataset<Row> repeated) {
    return rows.where(asked).join(repeated, same(), "left_semi");
  }

  /** True for a row whose key is repeated, on rows joined from the left with repeated keys. */
  Column same() {
    Column same = lit(true);
    for (int i = 0; i < keys.length; i++) {
      same = same.and(keys[i].eqNullSafe(col(key(i))));
    }
    return same;
  }

  /** The keys on rows joined with repeated keys. */
  List<Column> named() {
    return IntStream.range(0, keys.length).mapToObj(i -> col(key(i))).toList();
  }

  private Dataset<Row> frame(List<Long> suspects) {
    return rows.sparkSession().createDataset(suspects, Encoders.LONG()).toDF(HASH);
  }

  private Column[] hashedKeys() {
    Column[] all = new Column[keys.length + 1];
    for (int i = 0; i < keys.length; i++) {
      all[i] = keys[i].as(key(i));
    }
    all[keys.length] = xxhash64(keys).as(HASH);
    return all;
  }

  private static String key(int index) {
    return "_sluice_key_" + index;
  }

  /** True for rows that the check asks about. */
  Column asked() {
    return asked;
  }
}
