package dev.sluice.runtime.join;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/**
 * Rows with one more column to join on, so that the rows of a hot key lie in several partitions.
 *
 * <p>Keys are told apart by their hash, which is the same for keys that Spark takes for equal, NaN
 * and both zeros included; where two keys have one hash, both are hot on both sides. The part that
 * a row goes to follows from its values alone, so that a task that is run again makes the same
 * rows.
 */
final class Salted {
  /** The further column; the name keeps it out of the lineage. */
  static final String PART = "_sluice_part";

  private Salted() {}

  static Column hash(List<String> keys) {
    return xxhash64(columns(keys));
  }

  /** Each row once, in one of the parts where its key is hot. */
  static Dataset<Row> spread(Dataset<Row> rows, Column hot, int parts) {
    Column part = pmod(xxhash64(columns(hashable(rows))), lit(parts)).cast("int");
    return rows.withColumn(PART, when(hot, part).otherwise(lit(0)));
  }

  /** Each row once for each part that rows of its key may be in. */
  static Dataset<Row> repeated(Dataset<Row> rows, Column hot, int parts) {
    Column all = sequence(lit(0), lit(parts - 1));
    return rows.withColumn(PART, explode(when(hot, all).otherwise(array(lit(0)))));
  }

  /** The columns that a row can be spread by; maps and variants have no hash. */
  static List<String> hashable(Dataset<Row> rows) {
    return Arrays.stream(rows.schema().fields())
        .filter(field -> !field.dataType().catalogString().matches(".*\\b(map<|variant).*"))
        .map(StructField::name)
        .toList();
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(Salted::column).toArray(Column[]::new);
  }

  static Column column(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
