package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;

/** Every value falls into a range of numbers, dates, times or texts. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeBetween
    implements ExpectationType<ExpectColumnValuesToBeBetween.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column,
      Optional<JsonNode> minValue,
      Optional<JsonNode> maxValue,
      Optional<Boolean> strictMin,
      Optional<Boolean> strictMax,
      Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Column column = scope.column(kwargs.column());
    Bounds bounds =
        new Bounds(kwargs.minValue(), kwargs.maxValue(), kwargs.strictMin(), kwargs.strictMax());
    return new Check.RowCheck(
        List.of(kwargs.column()),
        column.isNull(),
        bounds.outside(column, scope.typeOf(kwargs.column())),
        kwargs.mostly().orElse(1.0));
  }
}
