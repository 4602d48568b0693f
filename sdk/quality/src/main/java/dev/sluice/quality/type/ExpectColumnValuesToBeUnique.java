package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/** No value occurs twice; every copy of one that does counts as unexpected. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeUnique
    implements ExpectationType<ExpectColumnValuesToBeUnique.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Optional<Double> mostly) {}

  @Override
  public String name() {
    return "expect_column_values_to_be_unique";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    return new Check.KeyCheck(
        List.of(kwargs.column()),
        Columns.of(kwargs.column(), schema).isNull(),
        kwargs.mostly().orElse(1.0));
  }
}
