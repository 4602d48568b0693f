package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A distribution that values are held against: of single values, or over neighbouring ranges.
 *
 * @param values the values of a distribution of single values
 * @param bins the ends of ranges, one more than weights; the outer ones may be infinite
 * @param weights the share of each value or range
 * @param tailWeights the shares below and above all ranges
 */
public record Partition(
    Optional<List<JsonNode>> values,
    Optional<List<JsonNode>> bins,
    Optional<List<Double>> weights,
    Optional<List<Double>> tailWeights) {
  private static final double SLACK = 1e-5;

  /**
   * The values, where the distribution is one of single values.
   *
   * @throws IllegalArgumentException where it is none of either kind
   */
  Optional<List<JsonNode>> singleValues() {
    if (weights.isEmpty() || values.isPresent() == bins.isPresent()) {
      throw invalid("it needs weights, and either values or bins");
    }
    double sum = sum(weights.get()) + tailWeights.map(Partition::sum).orElse(0.0);
    if (!(Math.abs(sum - 1) <= SLACK)) {
      throw invalid("its weights add up to " + sum + ", not to 1");
    }
    if (tailWeights.isPresent() && (values.isPresent() || tailWeights.get().size() != 2)) {
      throw invalid("tail_weights are two numbers that go with bins");
    }
    int shares = weights.get().size();
    if (values.isPresent() && values.get().size() != shares) {
      throw invalid("it has " + values.get().size() + " values and " + shares + " weights");
    }
    return values;
  }

  /** The ends of the ranges, of a distribution over ranges. */
  double[] ends() {
    double[] ends = bins.orElseThrow().stream().mapToDouble(Partition::end).toArray();
    if (ends.length != weights.orElseThrow().size() + 1) {
      throw invalid("it has " + ends.length + " bins, not one more than weights");
    }
    for (int i = 1; i < ends.length; i++) {
      if (!(ends[i - 1] < ends[i])) {
        throw invalid("its bins do not rise");
      }
    }
    return ends;
  }

  /** JSON has no infinite numbers; a suite writes them as texts. */
  private static double end(JsonNode end) {
    if (end.isNumber()) {
      return end.asDouble();
    }
    return switch (end.asText().toLowerCase(Locale.ROOT)) {
      case "infinity", "inf" -> Double.POSITIVE_INFINITY;
      case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> throw invalid("bin " + end + " is not a number");
    };
  }

  private static double sum(List<Double> shares) {
    return shares.stream().mapToDouble(share -> share).sum();
  }

  private static IllegalArgumentException invalid(String reason) {
    return new IllegalArgumentException("partition_object is not valid: " + reason);
  }
}
