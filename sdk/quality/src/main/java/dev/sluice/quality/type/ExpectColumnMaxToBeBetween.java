package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import java.util.Optional;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

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
  public String name() {
    return "expect_column_max_to_be_between";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    Bounds bounds =
        new Bounds(kwargs.minValue(), kwargs.maxValue(), kwargs.strictMin(), kwargs.strictMax());
    return Aggregates.between(functions.max(Columns.number(kwargs.column(), schema)), bounds);
  }
}
