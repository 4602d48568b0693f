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

/** No combination of values occurs twice; every copy of one that does is unexpected. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectCompoundColumnsToBeUnique
    implements ExpectationType<ExpectCompoundColumnsToBeUnique.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      List<String> columnList, Optional<String> ignoreRowIf, Optional<Double> mostly) {}

  @Override
  public String name() {
    return "expect_compound_columns_to_be_unique";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    List<Column> nulls =
        kwargs.columnList().stream().map(name -> Columns.of(name, schema).isNull()).toList();
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
