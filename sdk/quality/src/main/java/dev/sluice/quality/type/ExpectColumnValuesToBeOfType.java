package dev.sluice.quality.type;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/** A column has one of Spark's types, given by its class: IntegerType, StringType … */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeOfType
    implements ExpectationType<ExpectColumnValuesToBeOfType.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      @JsonProperty("type_") String type, String column, Optional<Double> mostly) {}

  @Override
  public boolean takesCondition() {
    return false;
  }

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    DataType type = scope.typeOf(kwargs.column());
    Class<?> wanted =
        SparkTypes.named(kwargs.type())
            .orElseThrow(() -> SparkTypes.unknown("type_", kwargs.type()));
    return new Check.SchemaCheck(
        new Check.Outcome(
            wanted.isInstance(type), Map.of("observed_value", SparkTypes.nameOf(type))));
  }
}
