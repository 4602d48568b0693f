package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** No value is one of a set. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToNotBeInSet implements ExpectationType<ColumnSet> {
  @Override
  public Check compile(ColumnSet kwargs, Scope scope) {
    Column unexpected =
        kwargs.valueSet().map(set -> Values.in(kwargs, scope, set)).orElse(functions.lit(false));
    return Values.check(kwargs.column(), scope, unexpected, kwargs.mostly());
  }
}
