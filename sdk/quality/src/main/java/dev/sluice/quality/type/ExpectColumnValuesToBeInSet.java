package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Every value is one of a set. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeInSet implements ExpectationType<ColumnSet> {
  @Override
  public Check compile(ColumnSet kwargs, Scope scope) {
    // An absent set asks nothing, as in Great Expectations.
    Column unexpected =
        kwargs
            .valueSet()
            .map(set -> functions.not(Values.in(kwargs, scope, set)))
            .orElse(functions.lit(false));
    return Values.check(kwargs.column(), scope, unexpected, kwargs.mostly());
  }
}
