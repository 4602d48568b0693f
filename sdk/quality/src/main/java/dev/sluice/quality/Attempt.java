package dev.sluice.quality;

import static org.apache.spark.sql.functions.struct;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.TryEval;
import org.apache.spark.sql.classic.ExpressionUtils;

/**
 * An expression that a person wrote in SQL, which may fail on some rows: there it is null instead
 * of the end of the run.
 *
 * @param value its value; null where it fails
 * @param failed true where it fails
 */
record Attempt(Column value, Column failed) {

  /**
   * The expression, tried row by row; Spark has this for whole expressions, but not as a Column.
   */
  static Attempt at(Column expression) {
    // In a struct, a value that is null is told apart from a failure.
    Column tried =
        ExpressionUtils.column(
            new TryEval(ExpressionUtils.expression(struct(expression.as("value")))));
    return new Attempt(tried.getField("value"), tried.isNull());
  }
}
