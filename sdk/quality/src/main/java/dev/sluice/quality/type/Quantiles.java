package dev.sluice.quality.type;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.aggregate.PercentileDisc;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;

/** Quantiles of a column that are values of it. */
final class Quantiles {
  private Quantiles() {}

  /**
   * The least value that has at least this share of all values below or at it.
   *
   * <p>Spark offers this aggregate to SQL text alone; here it is made of Spark's own expression, so
   * that it shares a pass with all other aggregates.
   */
  static Column of(Column value, double share) {
    PercentileDisc aggregate =
        new PercentileDisc(
            ExpressionUtils.expression(value.cast("double")),
            Literal.create(share, DataTypes.DoubleType),
            false,
            0,
            0,
            false);
    return ExpressionUtils.column(aggregate.toAggregateExpression());
  }
}
