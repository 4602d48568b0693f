package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;

/** No value occurs twice; every copy of one that does counts as unexpected. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeUnique implements ExpectationType<ColumnValues> {
  @Override
  public Check compile(ColumnValues kwargs, Scope scope) {
    return new Check.KeyCheck(
        List.of(kwargs.column()),
        scope.column(kwargs.column()).isNull(),
        kwargs.mostly().orElse(1.0));
  }
}
