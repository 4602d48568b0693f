package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** The number of columns falls into a range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectTableColumnCountToBeBetween implements ExpectationType<TableRange> {
  @Override
  public boolean takesCondition() {
    return false;
  }

  @Override
  public Check compile(TableRange kwargs, Scope scope) {
    return new Check.SchemaCheck(
        Aggregates.observed((long) scope.schema().size(), kwargs.bounds()));
  }
}
