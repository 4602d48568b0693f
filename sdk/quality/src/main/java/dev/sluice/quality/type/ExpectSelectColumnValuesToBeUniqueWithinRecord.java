package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** In every row, several columns have different values; two that are missing are the same. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectSelectColumnValuesToBeUniqueWithinRecord
    implements ExpectationType<ColumnList> {
  @Override
  public Check compile(ColumnList kwargs, Scope scope) {
    return ColumnLists.unique(kwargs, scope);
  }
}
