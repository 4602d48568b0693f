package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Optional;
import org.apache.spark.sql.functions;

/** The greatest number falls into a range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnMaxToBeBetween
    implements ExpectationType<ExpectColumnMaxToBeBetween.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column,
      Optional<JsonNode> minValue,
      Optional<JsonNode> maxValue,
      Optional<Boolean> strictMin,
      Optional<Boolean> strictMax) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Bounds bounds =
        new Bounds(kwargs.minValue(), kwargs.maxValue(), kwargs.strictMin(), kwargs.strictMax());
    return Aggregates.between(functions.max(scope.observed(scope.number(kwargs.column()))), bounds);
  }
}
