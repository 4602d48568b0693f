package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** No combination of values occurs twice; every copy of one that does is unexpected. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectCompoundColumnsToBeUnique
    implements ExpectationType<ExpectCompoundColumnsToBeUnique.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      List<String> columnList, Optional<String> ignoreRowIf, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    List<Column> nulls =
        kwargs.columnList().stream().map(name -> scope.column(name).isNull()).toList();
    Column missing =
        switch (kwargs.ignoreRowIf().orElse("all_values_are_missing")) {
          case "all_values_are_missing" -> nulls.stream().reduce(Column::and).orElseThrow();
          case "any_value_is_missing" -> nulls.stream().reduce(Column::or).orElseThrow();
          case "never" -> functions.lit(false);
          default ->
              throw new IllegalArgumentException(
                  "ignore_row_if is one of all_values_are_missing, any_value_is_missing, never");
        };
    return new Check.KeyCheck(kwargs.columnList(), missing, kwargs.mostly().orElse(1.0));
  }
}
