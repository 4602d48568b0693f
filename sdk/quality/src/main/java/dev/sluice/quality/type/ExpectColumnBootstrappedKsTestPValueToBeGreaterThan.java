package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Optional;

/** A bootstrapped Kolmogorov-Smirnov test finds the values like a distribution. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnBootstrappedKsTestPValueToBeGreaterThan
    implements ExpectationType<ExpectColumnBootstrappedKsTestPValueToBeGreaterThan.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column,
      Optional<ObjectNode> partitionObject,
      Optional<Double> p,
      Optional<Long> bootstrapSamples,
      Optional<Long> bootstrapSampleSize) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    throw new UnsupportedOperationException(
        "the test draws random samples, so that its answer changes from run to run. Use expect_column_kl_divergence_to_be_less_than");
  }
}
