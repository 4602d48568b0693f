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

/** In every row, the value of column A is greater than that of column B. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnPairValuesAToBeGreaterThanB
    implements ExpectationType<ExpectColumnPairValuesAToBeGreaterThanB.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      @JsonProperty("column_A") String columnA,
      @JsonProperty("column_B") String columnB,
      Optional<Boolean> orEqual,
      Optional<String> ignoreRowIf,
      Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Columns.comparable(kwargs.columnA(), kwargs.columnB(), scope.schema());
    Column a = scope.column(kwargs.columnA());
    Column b = scope.column(kwargs.columnB());
    // With one side missing the comparison is null, which Great Expectations lets pass on Spark.
    Column unexpected = functions.not(kwargs.orEqual().orElse(false) ? a.geq(b) : a.gt(b));
    return Pairs.check(
        kwargs.columnA(),
        kwargs.columnB(),
        scope,
        unexpected,
        kwargs.ignoreRowIf(),
        kwargs.mostly());
  }
}
