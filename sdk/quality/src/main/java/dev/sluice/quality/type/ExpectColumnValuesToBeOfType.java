package dev.sluice.quality.type;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import java.util.Map;
import org.apache.spark.sql.types.StructType;

/** A column has one of Spark's types, given by its class: IntegerType, StringType … */
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeOfType
    implements ExpectationType<ExpectColumnValuesToBeOfType.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(@JsonProperty("type_") String type, String column) {}

  @Override
  public String name() {
    return "expect_column_values_to_be_of_type";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    // Spark names its types by class: IntegerType$ is IntegerType.
    String observed =
        Columns.typeOf(kwargs.column(), schema).getClass().getSimpleName().replace("$", "");
    return new Check.SchemaCheck(
        new Check.Outcome(observed.equals(kwargs.type()), Map.of("observed_value", observed)));
  }
}
