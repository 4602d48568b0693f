package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** Every text is a date or a time in one of the usual ways to write them. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeDateutilParseable
    implements ExpectationType<ColumnValues> {
  @Override
  public Check compile(ColumnValues kwargs, Scope scope) {
    return Texts.passing(kwargs, scope, UsualDates::parses);
  }
}
