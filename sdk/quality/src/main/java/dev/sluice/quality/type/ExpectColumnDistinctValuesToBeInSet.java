package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** Every distinct value is one of a set; the set may hold more. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnDistinctValuesToBeInSet implements ExpectationType<DistinctSet> {
  @Override
  public Check compile(DistinctSet kwargs, Scope scope) {
    return DistinctSets.IN.check(kwargs, scope);
  }
}
