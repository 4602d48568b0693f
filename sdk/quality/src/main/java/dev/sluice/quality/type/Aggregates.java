package dev.sluice.quality.type;

import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.Check.AggregateCheck;
import dev.sluice.quality.Check.OfValues;
import dev.sluice.quality.Check.Outcome;
import dev.sluice.quality.Columns;
import dev.sluice.quality.Plain;
import dev.sluice.quality.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.LongType;

/** The shape that most aggregate checks have: one value that must fall into a range. */
final class Aggregates {
  private Aggregates() {}

  /** Without values to look at there is nothing to observe, and the expectation does not hold. */
  static Check between(Column aggregate, Bounds bounds) {
    Bounds range = bounds.ofNumbers();
    return new AggregateCheck(List.of(aggregate), values -> observed(values.get(0), range));
  }

  /** The same of an aggregate that follows from the values of its column. */
  static Check between(Column aggregate, Bounds bounds, OfValues ofValues) {
    Bounds range = bounds.ofNumbers();
    return new AggregateCheck(
        List.of(aggregate), values -> observed(values.get(0), range), Optional.of(ofValues));
  }

  /** The least or greatest value of a column of numbers, dates or times, in the column's type. */
  static Check extreme(ColumnRange kwargs, Scope scope, UnaryOperator<Column> aggregate) {
    DataType type = scope.typeOf(kwargs.column());
    Bounds bounds = kwargs.bounds();
    if (!Columns.isTime(type)) {
      return between(aggregate.apply(scope.observed(scope.number(kwargs.column()))), bounds);
    }
    Column value = aggregate.apply(scope.observed(scope.column(kwargs.column())));
    Column outside = bounds.isOpen() ? functions.lit(false) : bounds.outside(value, type);
    return new AggregateCheck(
        List.of(Plain.shown(value, type), outside),
        values ->
            outcome(values.get(0), values.get(0) != null && Boolean.FALSE.equals(values.get(1))));
  }

  /** The sum of numbers, exact where they are. */
  static Column sum(String column, Scope scope) {
    Column value = scope.observed(scope.number(column));
    // Twenty digits hold every long, and Spark adds ten more for the sum.
    return functions.sum(
        scope.typeOf(column) instanceof LongType ? value.cast("decimal(20,0)") : value);
  }

  /** How many values there are. */
  static Column present(String column, Scope scope) {
    return functions.count(scope.observed(scope.column(column)));
  }

  /** How many rows there are. */
  static Column rows(Scope scope) {
    return functions.count(scope.observed(functions.lit(1)));
  }

  /** The outcome for one number that was observed; null or not a number for none. */
  static Outcome observed(Object value, Bounds range) {
    Object observed = nothing(value) ? null : value;
    return outcome(observed, observed instanceof Number number && range.hold(number));
  }

  private static Outcome outcome(Object observed, boolean success) {
    Map<String, Object> result = new HashMap<>();
    result.put("observed_value", observed);
    return new Outcome(success, result);
  }

  private static boolean nothing(Object value) {
    return (value instanceof Double number && number.isNaN())
        || (value instanceof Float single && single.isNaN());
  }
}
