package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** The distinct values are those of a set. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnDistinctValuesToEqualSet implements ExpectationType<DistinctSet> {
  @Override
  public Check compile(DistinctSet kwargs, Scope scope) {
    return DistinctSets.EQUAL.check(kwargs, scope);
  }
}
