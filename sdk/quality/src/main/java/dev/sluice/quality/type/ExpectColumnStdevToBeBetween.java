package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** The standard deviation, as of a sample, falls into a range. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnStdevToBeBetween implements ExpectationType<ColumnRange> {
  @Override
  public Check compile(ColumnRange kwargs, Scope scope) {
    Column value = scope.observed(scope.number(kwargs.column()));
    return Aggregates.between(functions.stddev_samp(value), kwargs.bounds());
  }
}
