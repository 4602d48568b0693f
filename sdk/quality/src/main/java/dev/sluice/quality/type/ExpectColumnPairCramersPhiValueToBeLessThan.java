package dev.sluice.quality.type;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.JsonTypes;
import dev.sluice.quality.Scope;
import java.util.Optional;

/** Two columns of categories depend on each other by less than a threshold. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnPairCramersPhiValueToBeLessThan
    implements ExpectationType<ExpectColumnPairCramersPhiValueToBeLessThan.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      @JsonProperty("column_A") String columnA,
      @JsonProperty("column_B") String columnB,
      Optional<Double> threshold,
      @JsonTypes({"number", "array"}) Optional<JsonNode> binsA,
      @JsonTypes({"number", "array"}) Optional<JsonNode> binsB) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    throw new UnsupportedOperationException(
        "no engine on Spark has this measure. Use unexpected_rows_expectation with a query");
  }
}
