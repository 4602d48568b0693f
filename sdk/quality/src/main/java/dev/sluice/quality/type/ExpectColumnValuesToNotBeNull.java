package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Every row has a value. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToNotBeNull
    implements ExpectationType<ExpectColumnValuesToNotBeNull.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Column column = scope.column(kwargs.column());
    return new Check.RowCheck(
        List.of(kwargs.column()),
        functions.lit(false),
        column.isNull(),
        kwargs.mostly().orElse(1.0));
  }
}
