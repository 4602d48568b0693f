package dev.sluice.runtime.join;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import dev.sluice.runtime.join.Decision.HotKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.execution.columnar.InMemoryRelation;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import scala.jdk.javaapi.CollectionConverters;

/** One side of a join, looked at from outside: how large it is, and which keys are hot. */
final class Look {
  /** Of a side with more bytes than this only a share of the rows is counted. */
  private static final double ENOUGH = 256L << 20;

  private static final double LEAST = 0.01;
  private static final long SEED = 42;

  private Look() {}

  /** The bytes that Spark expects of these rows; the greatest long where it cannot tell. */
  static long bytes(Dataset<Row> rows) {
    scala.math.BigInt bytes = rows.queryExecution().optimizedPlan().stats().sizeInBytes();
    return bytes.isValidLong() ? bytes.toLong() : Long.MAX_VALUE;
  }

  /** The hot keys; empty where finding them would read or compute more than the key columns. */
  static Optional<HotKeys> at(Dataset<Row> rows, List<String> keys) {
    return isCheap(rows.queryExecution().optimizedPlan())
        ? Optional.of(found(rows, keys))
        : Optional.empty();
  }

  private static HotKeys found(Dataset<Row> rows, List<String> keys) {
    Row found = query(rows, keys).head();
    double seen = found.getLong(1);
    Map<Long, Double> shares = new HashMap<>();
    for (Object item : found.getList(0)) {
      Row key = (Row) item;
      shares.put(key.getLong(0), key.getLong(1) / seen);
    }
    return new HotKeys(shares);
  }

  static Dataset<Row> query(Dataset<Row> rows, List<String> keys) {
    double fraction = Math.max(LEAST, Math.min(1, ENOUGH / bytes(rows)));
    Dataset<Row> hashes = rows.select(Salted.hash(keys).as("key"));
    Dataset<Row> some = fraction < 1 ? hashes.sample(fraction, SEED) : hashes;
    return some.agg(expr("approx_top_k(key, 100, 1000)"), count(lit(1)));
  }

  /** Whether a plan only reads columns that lie by themselves, and works on each row by itself. */
  private static boolean isCheap(LogicalPlan node) {
    List<LogicalPlan> children = CollectionConverters.asJava(node.children());
    if (children.isEmpty()) {
      return node instanceof DataSourceV2ScanRelation
          || node instanceof InMemoryRelation
          || node instanceof LocalRelation
          || node instanceof Range
          || node instanceof LogicalRelation read && isColumnar(read);
    }
    boolean byRow =
        node instanceof Project || node instanceof Filter || node instanceof Union;
    return byRow && children.stream().allMatch(Look::isCheap);
  }

  private static boolean isColumnar(LogicalRelation read) {
    return read.relation() instanceof HadoopFsRelation files
        && (files.fileFormat() instanceof ParquetFileFormat
            || files.fileFormat() instanceof OrcFileFormat);
  }
}
