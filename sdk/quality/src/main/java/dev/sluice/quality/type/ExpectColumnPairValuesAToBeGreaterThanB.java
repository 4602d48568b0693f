package dev.sluice.quality.type;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
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
    Column missing =
        switch (kwargs.ignoreRowIf().orElse("both_values_are_missing")) {
          case "both_values_are_missing" -> a.isNull().and(b.isNull());
          case "either_value_is_missing" -> a.isNull().or(b.isNull());
          case "neither" -> functions.lit(false);
          default ->
              throw new IllegalArgumentException(
                  "ignore_row_if is one of both_values_are_missing, either_value_is_missing,"
                      + " neither");
        };
    Column holds = kwargs.orEqual().orElse(false) ? a.geq(b) : a.gt(b);
    // With one side missing the comparison is null, which Great Expectations lets pass on Spark.
    Column unexpected = functions.not(holds);
    return new Check.RowCheck(
        List.of(kwargs.columnA(), kwargs.columnB()),
        missing,
        functions.not(missing).and(unexpected),
        kwargs.mostly().orElse(1.0));
  }
}
