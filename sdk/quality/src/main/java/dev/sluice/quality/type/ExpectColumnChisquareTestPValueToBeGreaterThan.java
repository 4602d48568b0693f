package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Check.FrequencyCheck;
import dev.sluice.quality.Check.Outcome;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Frequencies;
import dev.sluice.quality.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.special.Gamma;

/** Pearson's chi-square test finds the values of a column distributed as expected. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnChisquareTestPValueToBeGreaterThan
    implements ExpectationType<ExpectColumnChisquareTestPValueToBeGreaterThan.Kwargs> {
  private static final double USUAL = 0.05;

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column,
      Optional<Partition> partitionObject,
      Optional<Double> p,
      Optional<Double> tailWeightHoldout) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Partition partition =
        kwargs
            .partitionObject()
            .orElseThrow(() -> new IllegalArgumentException("partition_object is absent"));
    List<JsonNode> values =
        partition
            .singleValues()
            .orElseThrow(
                () -> new IllegalArgumentException("partition_object has bins, not values"));
    Map<String, Object> wanted = SetValues.of(values, scope.typeOf(kwargs.column())).byText();
    double holdout = kwargs.tailWeightHoldout().orElse(0.0);
    double least = kwargs.p().orElse(USUAL);
    List<Double> weights = partition.weights().orElseThrow();
    if (wanted.size() != weights.size()) {
      throw new IllegalArgumentException("partition_object names a value twice");
    }
    return new FrequencyCheck(
        kwargs.column(),
        wanted.keySet(),
        found -> outcome(found, Categories.of(found, wanted, weights, holdout), least));
  }

  private static Outcome outcome(Frequencies found, Categories all, double least) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("observed_value", null);
    result.put("element_count", found.present());
    result.put("missing_count", null);
    result.put("missing_percent", null);
    result.put("details", all.details());
    if (found.present() == 0 || !found.complete()) {
      return new Outcome(false, result);
    }
    double statistic = 0;
    for (int i = 0; i < all.observed().length; i++) {
      double expected = all.expected()[i] * found.present();
      double apart = all.observed()[i] * found.present() - expected;
      statistic += apart == 0 ? 0 : apart * apart / expected;
    }
    double chance = chance(statistic, all.observed().length - 1);
    result.put("observed_value", chance);
    return new Outcome(chance > least, result);
  }

  /** How likely so great a statistic is by chance alone. */
  private static double chance(double statistic, int freedom) {
    if (Double.isInfinite(statistic) || freedom == 0) {
      return statistic == 0 ? 1 : 0;
    }
    return Gamma.regularizedGammaQ(freedom / 2.0, statistic / 2);
  }
}
