package dev.sluice.runtime.join;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.TreeNodeTag;

/**
 * Rows that are taken apart and put together again, marked as such in the plan: it says nothing of
 * where they come from.
 */
public final class Parts {
  private static final TreeNodeTag<Boolean> TAG = new TreeNodeTag<>("sluice.parts");

  private Parts() {}

  static Dataset<Row> of(Dataset<Row> rows, Column which) {
    return marked(rows.where(which));
  }

  /** Both have rows of the same making. */
  static Dataset<Row> together(Dataset<Row> one, Dataset<Row> other) {
    return marked(one.union(other));
  }

  /** Whether a node takes rows apart, or puts them together whose first child tells of them all. */
  public static boolean is(LogicalPlan node) {
    return node.getTagValue(TAG).isDefined();
  }

  private static Dataset<Row> marked(Dataset<Row> rows) {
    rows.queryExecution().analyzed().setTagValue(TAG, true);
    return rows;
  }
}
