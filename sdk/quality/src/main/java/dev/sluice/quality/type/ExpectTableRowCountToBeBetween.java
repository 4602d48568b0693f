package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import java.util.Optional;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

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
  public String name() {
    return "expect_table_row_count_to_be_between";
  }

  @Override
  public Class<Kwargs> kwargs() {
    return Kwargs.class;
  }

  @Override
  public Check compile(Kwargs kwargs, StructType schema) {
    Bounds bounds =
        new Bounds(kwargs.minValue(), kwargs.maxValue(), kwargs.strictMin(), kwargs.strictMax());
    return Aggregates.between(functions.count(functions.lit(1)), bounds);
  }
}
