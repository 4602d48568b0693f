package dev.sluice.quality.type;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Columns;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.JsonTypes;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/**
 * In every row, the values of two columns are one of a set of pairs; null in a pair is a missing
 * value.
 */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnPairValuesToBeInSet
    implements ExpectationType<ExpectColumnPairValuesToBeInSet.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      @JsonProperty("column_A") String columnA,
      @JsonProperty("column_B") String columnB,
      @JsonTypes({"number", "string", "boolean", "null"})
          Optional<List<List<JsonNode>>> valuePairsSet,
      Optional<String> ignoreRowIf,
      Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    // An absent set asks nothing, as in Great Expectations.
    Column unexpected =
        kwargs
            .valuePairsSet()
            .map(
                pairs ->
                    functions.not(
                        Values.any(pairs.stream().map(pair -> is(pair, kwargs, scope)).toList())))
            .orElse(functions.lit(false));
    return Pairs.check(
        kwargs.columnA(),
        kwargs.columnB(),
        scope,
        unexpected,
        kwargs.ignoreRowIf(),
        kwargs.mostly());
  }

  private static Column is(List<JsonNode> pair, Kwargs kwargs, Scope scope) {
    if (pair.size() != 2) {
      throw new IllegalArgumentException("value_pairs_set holds " + pair + ", which is no pair");
    }
    return is(pair.get(0), kwargs.columnA(), scope).and(is(pair.get(1), kwargs.columnB(), scope));
  }

  private static Column is(JsonNode value, String column, Scope scope) {
    return value.isNull()
        ? scope.column(column).isNull()
        : scope.column(column).eqNullSafe(Columns.literal(value, scope.typeOf(column)));
  }
}
