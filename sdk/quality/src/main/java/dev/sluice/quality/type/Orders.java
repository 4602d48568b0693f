package dev.sluice.quality.type;

import dev.sluice.quality.Check;
import dev.sluice.quality.Check.Direction;
import dev.sluice.quality.Check.OrderCheck;
import dev.sluice.quality.Columns;
import dev.sluice.quality.Scope;
import java.util.Optional;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/** Questions to the order in which values were written. */
final class Orders {
  private Orders() {}

  static Check check(String column, Direction direction, Optional<Double> mostly, Scope scope) {
    DataType type = scope.typeOf(column);
    boolean ordered =
        type instanceof NumericType
            || type instanceof StringType
            || type instanceof BooleanType
            || Columns.isTime(type);
    if (!ordered) {
      throw new IllegalArgumentException(
          "column '" + column + "' is " + type.simpleString() + ", whose values have no order");
    }
    return new OrderCheck(column, direction, mostly.orElse(1.0));
  }
}
