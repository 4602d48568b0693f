package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Optional;
import org.apache.spark.sql.functions;

/** The number of rows falls into a range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectTableRowCountToBeBetween
    implements ExpectationType<ExpectTableRowCountToBeBetween.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      Optional<JsonNode> minValue,
      Optional<JsonNode> maxValue,
      Optional<Boolean> strictMin,
      Optional<Boolean> strictMax) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Bounds bounds =
        new Bounds(kwargs.minValue(), kwargs.maxValue(), kwargs.strictMin(), kwargs.strictMax());
    return Aggregates.between(functions.count(scope.observed(functions.lit(1))), bounds);
  }
}
