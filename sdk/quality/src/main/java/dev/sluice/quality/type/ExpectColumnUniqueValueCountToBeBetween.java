package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Set;

/** The number of distinct values falls into a range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnUniqueValueCountToBeBetween implements ExpectationType<ColumnRange> {
  @Override
  public Check compile(ColumnRange kwargs, Scope scope) {
    scope.column(kwargs.column());
    Bounds range = kwargs.bounds().ofNumbers();
    return new Check.FrequencyCheck(
        kwargs.column(), Set.of(), found -> Aggregates.observed(found.distinct(), range));
  }
}
