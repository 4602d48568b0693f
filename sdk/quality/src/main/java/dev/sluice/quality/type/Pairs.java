package dev.sluice.quality.type;

import dev.sluice.quality.Check;
import dev.sluice.quality.Check.RowCheck;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** The shape that all questions to two columns have: which rows are not asked. */
final class Pairs {
  private Pairs() {}

  static Check check(
      String columnA,
      String columnB,
      Scope scope,
      Column unexpected,
      Optional<String> ignoreRowIf,
      Optional<Double> mostly) {
    Column a = scope.column(columnA).isNull();
    Column b = scope.column(columnB).isNull();
    Column missing =
        switch (ignoreRowIf.orElse("both_values_are_missing")) {
          case "both_values_are_missing" -> a.and(b);
          case "either_value_is_missing" -> a.or(b);
          case "neither" -> functions.lit(false);
          default ->
              throw new IllegalArgumentException(
                  "ignore_row_if is one of both_values_are_missing, either_value_is_missing,"
                      + " neither");
        };
    return new RowCheck(List.of(columnA, columnB), missing, unexpected, mostly.orElse(1.0));
  }
}
