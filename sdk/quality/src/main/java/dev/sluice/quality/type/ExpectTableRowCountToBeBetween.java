package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** The number of rows falls into a range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectTableRowCountToBeBetween implements ExpectationType<TableRange> {
  @Override
  public Check compile(TableRange kwargs, Scope scope) {
    return Aggregates.between(Aggregates.rows(scope), kwargs.bounds());
  }
}
