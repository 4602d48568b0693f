package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** Every text is a JSON document. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeJsonParseable implements ExpectationType<ColumnValues> {
  @Override
  public Check compile(ColumnValues kwargs, Scope scope) {
    return Texts.passing(kwargs, scope, text -> JsonText.parse(text).isPresent());
  }
}
