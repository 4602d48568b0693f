package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** Every value of a set occurs; others may, too. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnDistinctValuesToContainSet implements ExpectationType<DistinctSet> {
  @Override
  public Check compile(DistinctSet kwargs, Scope scope) {
    return DistinctSets.CONTAIN.check(kwargs, scope);
  }
}
