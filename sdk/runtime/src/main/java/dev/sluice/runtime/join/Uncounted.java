package dev.sluice.runtime.join;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.ScalaUDF;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.runtime.AbstractPartialFunction;

/** Rows that are read a second time, which what counts the rows of a run is not to hear of. */
public final class Uncounted {
  /** The name of functions that count, and answer their argument, or true where they have none. */
  public static final String COUNTS = "sluice_counts";

  private static final AbstractPartialFunction<Expression, Expression> WITHOUT =
      new AbstractPartialFunction<>() {
        @Override
        public boolean isDefinedAt(Expression expression) {
          return expression instanceof ScalaUDF function && function.udfName().contains(COUNTS);
        }

        @Override
        public Expression apply(Expression counts) {
          return counts.children().isEmpty() ? Literal.TrueLiteral() : counts.children().head();
        }
      };

  private Uncounted() {}

  static Dataset<Row> of(Dataset<Row> rows) {
    return org.apache.spark.sql.classic.Dataset.ofRows(
        (org.apache.spark.sql.classic.SparkSession) rows.sparkSession(), plan(rows));
  }

  /** Whether the rows are the same whenever they are read. */
  static boolean isTheSame(Dataset<Row> rows) {
    return plan(rows).deterministic();
  }

  private static LogicalPlan plan(Dataset<Row> rows) {
    return rows.queryExecution().analyzed().transformAllExpressions(WITHOUT);
  }
}
