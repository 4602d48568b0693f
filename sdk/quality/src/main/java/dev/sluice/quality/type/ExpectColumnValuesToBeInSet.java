package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Every value is one of a set. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeInSet
    implements ExpectationType<ExpectColumnValuesToBeInSet.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Optional<List<JsonNode>> valueSet, Optional<Double> mostly) {}

  @Override
  public String name() {
    return "expect_column_values_to_be_in_set";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    Column column = Columns.of(kwargs.column(), schema);
    DataType type = Columns.typeOf(kwargs.column(), schema);
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
