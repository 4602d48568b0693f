package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Check.AggregateCheck;
import dev.sluice.quality.Check.FrequencyCheck;
import dev.sluice.quality.Check.Outcome;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;

/**
 * The values are distributed nearly as expected: their relative entropy to a distribution stays
 * below a threshold.
 */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnKlDivergenceToBeLessThan
    implements ExpectationType<ExpectColumnKlDivergenceToBeLessThan.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column,
      Optional<Partition> partitionObject,
      Optional<Double> threshold,
      Optional<Double> tailWeightHoldout,
      Optional<Double> internalWeightHoldout,
      Optional<Boolean> bucketizeData,
      Optional<JsonNode> minValue,
      Optional<JsonNode> maxValue) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    refuse(kwargs.threshold().filter(most -> !(most >= 0)).isPresent(), "threshold is less than 0");
    if (kwargs.partitionObject().isEmpty()) {
      return ofItself(kwargs, scope);
    }
    Partition partition = kwargs.partitionObject().get();
    double tails = share("tail_weight_holdout", kwargs.tailWeightHoldout());
    double gaps = share("internal_weight_holdout", kwargs.internalWeightHoldout());
    Optional<List<JsonNode>> values = partition.singleValues();
    if (values.isPresent()) {
      refuse(gaps > 0, "internal_weight_holdout goes with bins, not with values");
      return ofValues(kwargs, values.get(), tails, scope);
    }
    refuse(
        !kwargs.bucketizeData().orElse(true),
        "bucketize_data is false, but the partition has bins");
    refuse(
        tails > 0 && partition.tailWeights().isPresent(),
        "tail_weight_holdout and tail_weights exclude each other");
    return ofRanges(kwargs, tails, gaps, scope);
  }

  private static double share(String name, Optional<Double> given) {
    double share = given.orElse(0.0);
    refuse(!(share >= 0 && share <= 1), name + " is not between 0 and 1");
    return share;
  }

  private static void refuse(boolean wrong, String reason) {
    if (wrong) {
      throw new IllegalArgumentException(reason);
    }
  }

  /** Without a distribution to hold it against, a column is distributed as it is. */
  private static Check ofItself(Kwargs kwargs, Scope scope) {
    return new AggregateCheck(
        List.of(Aggregates.present(kwargs.column(), scope)),
        values ->
            outcome((Long) values.get(0) == 0 ? Double.NaN : 0, kwargs.threshold(), Map.of()));
  }

  private static Check ofValues(Kwargs kwargs, List<JsonNode> values, double holdout, Scope scope) {
    List<Double> weights = kwargs.partitionObject().flatMap(Partition::weights).orElseThrow();
    Map<String, Object> wanted = SetValues.of(values, scope.typeOf(kwargs.column())).byText();
    refuse(wanted.size() != weights.size(), "partition_object names a value twice");
    return new FrequencyCheck(
        kwargs.column(),
        wanted.keySet(),
        found -> {
          Categories all = Categories.of(found, wanted, weights, holdout);
          double divergence = divergence(all.observed(), all.expected());
          // Of values beyond those that were kept, each has a share that nobody expected.
          return outcome(
              found.complete() || holdout > 0 ? divergence : Double.POSITIVE_INFINITY,
              kwargs.threshold(),
              all.details());
        });
  }

  private static Check ofRanges(Kwargs kwargs, double tails, double gaps, Scope scope) {
    Partition partition = kwargs.partitionObject().orElseThrow();
    double[] ends = partition.ends();
    boolean below = Double.isInfinite(ends[0]);
    boolean above = Double.isInfinite(ends[ends.length - 1]);
    refuse(
        below && above && tails > 0,
        "tail_weight_holdout has no place where both outer bins are infinite");
    refuse(
        (below || above) && partition.tailWeights().isPresent(),
        "tail_weights have no place where an outer bin is infinite");
    Histogram expected = Histogram.of(ends, expected(partition, below || above, tails, gaps));
    Column value = scope.observed(scope.number(kwargs.column()).cast("double"));
    return new AggregateCheck(
        Histogram.counts(value, ends),
        counts -> {
          List<Double> shares = shares(counts);
          Histogram observed = Histogram.of(ends, shares);
          return outcome(
              divergence(observed.all(), expected.all()),
              kwargs.threshold(),
              Fields.of(
                  "observed_partition", observed.shown(), "expected_partition", expected.shown()));
        });
  }

  /** The weights of a partition, less what is held out for its tails and for its empty ranges. */
  private static List<Double> expected(
      Partition partition, boolean oneTail, double tails, double gaps) {
    List<Double> weights = partition.weights().orElseThrow();
    long empty = weights.stream().filter(weight -> weight == 0).count();
    double tail = oneTail ? tails : tails / 2;
    List<Double> expected = new ArrayList<>();
    expected.add(partition.tailWeights().map(both -> both.get(0)).orElse(tail));
    for (double weight : weights) {
      expected.add(weight == 0 ? gaps / empty : weight * (1 - tails - gaps));
    }
    expected.add(partition.tailWeights().map(both -> both.get(1)).orElse(tail));
    return expected;
  }

  private static List<Double> shares(List<Object> counts) {
    long all = (Long) counts.get(counts.size() - 1);
    return counts.subList(0, counts.size() - 1).stream()
        .map(count -> all == 0 ? 0.0 : (double) (Long) count / all)
        .toList();
  }

  /** Relative entropy of shares that are made to add up to 1 first. */
  private static double divergence(double[] observed, double[] expected) {
    double ofObserved = Arrays.stream(observed).sum();
    double ofExpected = Arrays.stream(expected).sum();
    double divergence = 0;
    for (int i = 0; i < observed.length; i++) {
      double p = observed[i] / ofObserved;
      double q = expected[i] / ofExpected;
      if (p != 0) {
        divergence += p * Math.log(p / q);
      }
    }
    return divergence;
  }

  /** What is infinite, or was asked about no values, is observed as null and is no small number. */
  private static Outcome outcome(
      double divergence, Optional<Double> threshold, Map<String, Object> details) {
    boolean known = Double.isFinite(divergence);
    Map<String, Object> result =
        Fields.of("observed_value", known ? divergence : null, "details", details);
    boolean success = threshold.map(most -> known && divergence <= most).orElse(true);
    return new Outcome(success, result);
  }
}
