package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/** No combination of values occurs twice; every copy of one that does is unexpected. */
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
    kwargs.columnList().forEach(name -> Columns.typeOf(name, schema));
    if (!kwargs.ignoreRowIf().orElse("all_values_are_missing").equals("all_values_are_missing")) {
      throw new IllegalArgumentException("ignore_row_if other than all_values_are_missing");
    }
    return new Check.KeyCheck(kwargs.columnList(), kwargs.mostly().orElse(1.0));
  }
}
