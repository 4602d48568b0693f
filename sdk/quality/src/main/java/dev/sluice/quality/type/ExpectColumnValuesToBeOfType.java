package dev.sluice.quality.type;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.auto.service.AutoService;
import dev.sluice.model.Nearest;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/** A column has one of Spark's types, given by its class: IntegerType, StringType … */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeOfType
    implements ExpectationType<ExpectColumnValuesToBeOfType.Kwargs> {

  private static final List<String> USUAL =
      List.of(
          "BooleanType",
          "DateType",
          "DecimalType",
          "DoubleType",
          "FloatType",
          "IntegerType",
          "LongType",
          "StringType",
          "TimestampType");

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
    // Spark names its types by class: IntegerType$ is IntegerType.
    String observed = type.getClass().getSimpleName().replace("$", "");
    return new Check.SchemaCheck(
        new Check.Outcome(
            classNamed(kwargs.type()).isInstance(type), Map.of("observed_value", observed)));
  }

  private static Class<?> classNamed(String name) {
    try {
      return Class.forName(DataType.class.getPackageName() + "." + name);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(
          "type_ '" + name + "' is not a type of Spark. " + Nearest.hint(name, USUAL), e);
    }
  }
}
