package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Check.OfValues;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Ranks;
import dev.sluice.quality.Scope;
import java.util.Collections;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** The median falls into a range: the middle value, or the mean of the two in the middle. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnMedianToBeBetween implements ExpectationType<ColumnRange> {
  @Override
  public Check compile(ColumnRange kwargs, Scope scope) {
    Column value = scope.observed(scope.number(kwargs.column()));
    return Aggregates.between(
        functions.percentile(value, functions.lit(0.5)),
        kwargs.bounds(),
        new OfValues(kwargs.column(), all -> Collections.singletonList(Ranks.between(all, 0.5))));
  }
}
