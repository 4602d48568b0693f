package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Every row has a value. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToNotBeNull
    implements ExpectationType<ExpectColumnValuesToNotBeNull.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Optional<Double> mostly) {}

  @Override
  public String name() {
    return "expect_column_values_to_not_be_null";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    Column column = Columns.of(kwargs.column(), schema);
    return new Check.RowCheck(
        List.of(kwargs.column()),
        functions.lit(false),
        column.isNull(),
        kwargs.mostly().orElse(1.0));
  }
}
