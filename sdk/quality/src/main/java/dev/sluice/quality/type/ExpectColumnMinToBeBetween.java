package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import org.apache.spark.sql.functions;

/** The least number, date or time falls into a range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnMinToBeBetween implements ExpectationType<ColumnRange> {
  @Override
  public Check compile(ColumnRange kwargs, Scope scope) {
    return Aggregates.extreme(kwargs, scope, functions::min);
  }
}
