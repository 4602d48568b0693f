package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;

/**
 * A column has one of several of Spark's types; names of other engines among them are passed over.
 */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeInTypeList
    implements ExpectationType<ExpectColumnValuesToBeInTypeList.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Optional<List<String>> typeList, Optional<Double> mostly) {}

  @Override
  public boolean takesCondition() {
    return false;
  }

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    DataType type = scope.typeOf(kwargs.column());
    boolean success = kwargs.typeList().map(names -> anyOf(names, type)).orElse(true);
    return new Check.SchemaCheck(
        new Check.Outcome(success, Map.of("observed_value", SparkTypes.nameOf(type))));
  }

  private static boolean anyOf(List<String> names, DataType type) {
    List<Class<?>> known =
        names.stream().<Class<?>>flatMap(name -> SparkTypes.named(name).stream()).toList();
    if (known.isEmpty()) {
      throw SparkTypes.unknown("type_list", String.join(", ", names));
    }
    return known.stream().anyMatch(wanted -> wanted.isInstance(type));
  }
}
