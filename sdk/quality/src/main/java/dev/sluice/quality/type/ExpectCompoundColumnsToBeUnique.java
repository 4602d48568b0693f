package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** No combination of values occurs twice; every copy of one that does is unexpected. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectCompoundColumnsToBeUnique implements ExpectationType<ColumnList> {
  @Override
  public Check compile(ColumnList kwargs, Scope scope) {
    return new Check.KeyCheck(
        kwargs.columnList(),
        ColumnLists.missing(kwargs.columnList(), kwargs.ignoreRowIf(), scope),
        kwargs.mostly().orElse(1.0));
  }
}
