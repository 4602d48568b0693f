package dev.sluice.runtime.join;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.sluice.runtime.join.Decision.HotKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Range;
import org.apache.spark.sql.catalyst.plans.logical.Sort;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2ScanRelation;
import scala.jdk.javaapi.CollectionConverters;

/** One side of a join, looked at from outside: how large it is, and which keys are hot. */
public final class Look {
  private static final String TASK = "sluice.look";

  private static final long PACKED = 4;

  /** Of a side with more bytes than this only a share of the rows is counted. */
  private static final double ENOUGH = 32L << 20;

  private static final double LEAST = 0.01;
  private static final long SEED = 42;

  private Look() {}

  /** The bytes that these rows have, about; the greatest long where nobody can tell. */
  static long bytes(Dataset<Row> rows) {
    LogicalPlan plan = rows.queryExecution().optimizedPlan();
    scala.math.BigInt told = plan.stats().sizeInBytes();
    long bytes = told.isValidLong() ? told.toLong() : Long.MAX_VALUE;
    if (bytes <= rows.sparkSession().sessionState().conf().autoBroadcastJoinThreshold()) {
      return bytes; // so much Spark sends by itself
    }
    boolean known = bytes < Long.MAX_VALUE / PACKED && neverGrows(plan);
    return known ? bytes * packed(plan) : Long.MAX_VALUE;
  }

  /** Whether there are no more rows than are read: Spark does not guess what else there may be. */
  private static boolean neverGrows(LogicalPlan node) {
    boolean here =
        node.children().isEmpty()
            || isByRow(node)
            || node instanceof Aggregate
            || node instanceof Sort;
    return here && children(node).stream().allMatch(Look::neverGrows);
  }

  /** Of plain files Spark tells the size that they have, and not that of the rows in them. */
  private static long packed(LogicalPlan node) {
    if (node.children().isEmpty()) {
      return node instanceof LogicalRelation ? PACKED : 1;
    }
    return children(node).stream().mapToLong(Look::packed).max().orElse(1);
  }

  /** The hot keys; empty where finding them would read or compute more than the key columns. */
  static Optional<HotKeys> at(Dataset<Row> rows, List<String> keys) {
    return isCheap(rows.queryExecution().optimizedPlan())
        ? Optional.of(found(rows, keys))
        : Optional.empty();
  }

  private static HotKeys found(Dataset<Row> rows, List<String> keys) {
    Row found = alone(rows.sparkSession().sparkContext(), () -> query(rows, keys).head());
    double seen = found.getLong(1);
    Map<Long, Double> shares = new HashMap<>();
    for (Object item : found.getList(0)) {
      Row key = (Row) item;
      shares.put(key.getLong(0), key.getLong(1) / seen);
    }
    return new HotKeys(shares);
  }

  /** The share of the rows that these keys have, from 0 to 1. */
  static double share(Dataset<Row> rows, List<String> keys, HotKeys hot) {
    Column isHot = col("key").isin(hot.shares().keySet().toArray());
    Dataset<Row> shares = hashes(rows, keys).agg(avg(when(isHot, 1.0).otherwise(0.0)));
    Row found = alone(rows.sparkSession().sparkContext(), shares::head);
    return found.isNullAt(0) ? 0 : found.getDouble(0);
  }

  /** Whether rows may be read a second time: they are the same then, and come at little cost. */
  static boolean isRepeatable(Dataset<Row> rows) {
    return isCheap(rows.queryExecution().optimizedPlan()) && Uncounted.isTheSame(rows);
  }

  /** Whether the task that asks belongs to a look, and makes no rows of the job's. */
  public static boolean isTask() {
    TaskContext task = TaskContext.get();
    return task != null && task.getLocalProperty(TASK) != null;
  }

  private static <T> T alone(SparkContext context, Supplier<T> look) {
    context.setLocalProperty(TASK, "true");
    try {
      return look.get();
    } finally {
      context.setLocalProperty(TASK, null);
    }
  }

  static Dataset<Row> query(Dataset<Row> rows, List<String> keys) {
    return hashes(rows, keys).agg(expr("approx_top_k(key, 100, 1000)"), count(lit(1)));
  }

  /** Those of some rows, where there are many. */
  private static Dataset<Row> hashes(Dataset<Row> rows, List<String> keys) {
    double fraction = Math.max(LEAST, Math.min(1, ENOUGH / bytes(rows)));
    Dataset<Row> hashes = rows.select(Salted.hash(keys).as("key"));
    return fraction < 1 ? hashes.sample(fraction, SEED) : hashes;
  }

  /** Whether a plan only reads columns that lie by themselves, and works on each row by itself. */
  private static boolean isCheap(LogicalPlan node) {
    if (node.children().isEmpty()) {
      return node instanceof DataSourceV2ScanRelation
          || node instanceof LocalRelation
          || node instanceof Range
          || (node instanceof LogicalRelation read && isColumnar(read));
    }
    return isByRow(node) && children(node).stream().allMatch(Look::isCheap);
  }

  private static boolean isByRow(LogicalPlan node) {
    return node instanceof Project || node instanceof Filter || node instanceof Union;
  }

  private static List<LogicalPlan> children(LogicalPlan node) {
    return CollectionConverters.asJava(node.children());
  }

  private static boolean isColumnar(LogicalRelation read) {
    return read.relation() instanceof HadoopFsRelation files
        && (files.fileFormat() instanceof ParquetFileFormat
            || files.fileFormat() instanceof OrcFileFormat);
  }
}
