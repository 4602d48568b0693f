package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.Check.RowCheck;
import dev.sluice.quality.Columns;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/** The shape that most questions to the values of one column have: nulls are not asked. */
final class Values {
  private Values() {}

  static RowCheck check(String column, Scope scope, Column unexpected, Optional<Double> mostly) {
    return new RowCheck(
        List.of(column), scope.column(column).isNull(), unexpected, mostly.orElse(1.0));
  }

  /** True where the value is in the set; never, where there is none. */
  static Column in(ColumnSet kwargs, Scope scope, List<JsonNode> set) {
    DataType type = scope.typeOf(kwargs.column());
    Object[] literals = set.stream().map(value -> Columns.literal(value, type)).toArray();
    return scope.column(kwargs.column()).isin(literals);
  }

  /** Whether any of these is true, as a tree that is not deep. */
  static Column any(List<Column> conditions) {
    if (conditions.isEmpty()) {
      return functions.lit(false);
    }
    int half = conditions.size() / 2;
    return half == 0
        ? conditions.get(0)
        : any(conditions.subList(0, half)).or(any(conditions.subList(half, conditions.size())));
  }
}
