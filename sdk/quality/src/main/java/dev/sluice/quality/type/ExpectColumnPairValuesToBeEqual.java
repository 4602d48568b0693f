package dev.sluice.quality.type;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** In every row, two columns have the same value; one that is missing equals none. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnPairValuesToBeEqual
    implements ExpectationType<ExpectColumnPairValuesToBeEqual.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      @JsonProperty("column_A") String columnA,
      @JsonProperty("column_B") String columnB,
      Optional<String> ignoreRowIf,
      Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Columns.comparable(kwargs.columnA(), kwargs.columnB(), scope.schema());
    Column unexpected =
        functions.not(scope.column(kwargs.columnA()).eqNullSafe(scope.column(kwargs.columnB())));
    return Pairs.check(
        kwargs.columnA(),
        kwargs.columnB(),
        scope,
        unexpected,
        kwargs.ignoreRowIf(),
        kwargs.mostly());
  }
}
