package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** The sum of the values falls into a range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnSumToBeBetween implements ExpectationType<ColumnRange> {
  @Override
  public Check compile(ColumnRange kwargs, Scope scope) {
    return Aggregates.between(Aggregates.sum(kwargs.column(), scope), kwargs.bounds());
  }
}
