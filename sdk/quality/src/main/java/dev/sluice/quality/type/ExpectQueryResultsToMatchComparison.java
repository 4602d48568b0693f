package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Optional;

/** A query of this table and a query of another source have the same results. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectQueryResultsToMatchComparison
    implements ExpectationType<ExpectQueryResultsToMatchComparison.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String baseQuery,
      String comparisonDataSourceName,
      String comparisonQuery,
      Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    throw new UnsupportedOperationException(
        "a run reads no other source of Great Expectations. Use unexpected_rows_expectation with a query");
  }
}
