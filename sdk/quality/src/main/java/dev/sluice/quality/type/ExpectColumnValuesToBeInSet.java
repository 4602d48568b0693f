package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;

/** Every value is one of a set. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeInSet
    implements ExpectationType<ExpectColumnValuesToBeInSet.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Optional<List<JsonNode>> valueSet, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Column column = scope.column(kwargs.column());
    DataType type = scope.typeOf(kwargs.column());
    // An absent set asks nothing, as in Great Expectations.
    Column unexpected =
        kwargs
            .valueSet()
            .map(set -> set.stream().map(value -> (Object) Columns.literal(value, type)).toArray())
            .map(set -> functions.not(column.isin(set)))
            .orElse(functions.lit(false));
    return new Check.RowCheck(
        List.of(kwargs.column()), column.isNull(), unexpected, kwargs.mostly().orElse(1.0));
  }
}
