package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.JsonTypes;
import dev.sluice.quality.Scope;
import java.util.Optional;

/** A Kolmogorov-Smirnov test finds the values like a distribution with parameters. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnParameterizedDistributionKsTestPValueToBeGreaterThan
    implements ExpectationType<
        ExpectColumnParameterizedDistributionKsTestPValueToBeGreaterThan.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column,
      String distribution,
      @JsonTypes({"object", "array"}) Optional<JsonNode> params,
      Optional<Double> pValue) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    throw new UnsupportedOperationException(
        "no engine on Spark has this test. Use expect_column_kl_divergence_to_be_less_than");
  }
}
