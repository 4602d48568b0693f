package dev.sluice.quality.type;

import dev.sluice.quality.Frequencies;
import dev.sluice.quality.Ranks;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.aggregate.PercentileDisc;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;

/** Quantiles of a column that are values of it. */
final class Quantiles {
  private Quantiles() {}

  /** The same of a column whose values are known: one list, as the aggregate would be. */
  static List<Object> of(Frequencies all, List<Double> shares) {
    return Collections.singletonList(
        all.present() == 0
            ? null
            : shares.stream().map(share -> (Object) Ranks.least(all, share)).toList());
  }

  /**
   * For each share, the least value that has at least this share of all values below or at it; null
   * where there are none.
   *
   * <p>Spark offers this aggregate to SQL text alone; here it is made of Spark's own expression, so
   * that it shares a pass with all other aggregates, and counts the values once for all shares.
   */
  static Column of(Column value, List<Double> shares) {
    PercentileDisc aggregate =
        new PercentileDisc(
            ExpressionUtils.expression(value.cast("double")),
            Literal.create(
                shares.stream().mapToDouble(Double::doubleValue).toArray(),
                DataTypes.createArrayType(DataTypes.DoubleType, false)),
            false,
            0,
            0,
            false);
    return ExpressionUtils.column(aggregate.toAggregateExpression());
  }
}
