package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.Check.OfValues;
import dev.sluice.quality.Check.Outcome;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.JsonTypes;
import dev.sluice.quality.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import scala.jdk.javaapi.CollectionConverters;

/** Every one of several quantiles, each a value of the column, falls into its range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnQuantileValuesToBeBetween
    implements ExpectationType<ExpectColumnQuantileValuesToBeBetween.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column,
      QuantileRanges quantileRanges,
      @JsonTypes({"boolean", "string", "number"}) Optional<JsonNode> allowRelativeError) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Column value = scope.observed(scope.number(kwargs.column()));
    List<Double> shares = kwargs.quantileRanges().quantiles();
    List<Bounds> ranges = ranges(kwargs.quantileRanges());
    return new Check.AggregateCheck(
        List.of(Quantiles.of(value, shares)),
        values -> outcome(shares, ranges, quantiles(shares, values.get(0))),
        Optional.of(new OfValues(kwargs.column(), all -> Quantiles.of(all, shares))));
  }

  private static List<Bounds> ranges(QuantileRanges given) {
    if (given.quantiles().size() != given.valueRanges().size()) {
      throw new IllegalArgumentException(
          "quantile_ranges holds "
              + given.quantiles().size()
              + " quantiles and "
              + given.valueRanges().size()
              + " value_ranges; every quantile needs its range");
    }
    for (double share : given.quantiles()) {
      if (!(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("quantile " + share + " is not between 0 and 1");
      }
    }
    return given.valueRanges().stream().map(ExpectColumnQuantileValuesToBeBetween::range).toList();
  }

  private static Bounds range(List<JsonNode> ends) {
    if (ends.size() != 2) {
      throw new IllegalArgumentException("value range " + ends + " is not a pair of ends");
    }
    return new Bounds(
            Optional.of(ends.get(0)), Optional.of(ends.get(1)), Optional.empty(), Optional.empty())
        .ofNumbers();
  }

  private static List<?> quantiles(List<Double> shares, Object found) {
    if (found instanceof List<?> known) {
      return known;
    }
    return found == null
        ? Collections.nCopies(shares.size(), null)
        : CollectionConverters.asJava((scala.collection.Seq<?>) found);
  }

  private static Outcome outcome(List<Double> shares, List<Bounds> ranges, List<?> values) {
    List<Object> observed = new ArrayList<>();
    List<Boolean> inside = new ArrayList<>();
    for (int i = 0; i < shares.size(); i++) {
      Outcome one = Aggregates.observed(values.get(i), ranges.get(i));
      observed.add(one.result().get("observed_value"));
      inside.add(one.success());
    }
    Map<String, Object> found = Fields.of("quantiles", shares, "values", observed);
    return new Outcome(
        !inside.contains(false),
        Fields.of("observed_value", found, "details", Map.of("success_details", inside)));
  }
}
