package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Map;

/** The table has so many columns. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectTableColumnCountToEqual
    implements ExpectationType<ExpectTableColumnCountToEqual.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(Long value) {}

  @Override
  public boolean takesCondition() {
    return false;
  }

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    long observed = scope.schema().size();
    return new Check.SchemaCheck(
        new Check.Outcome(observed == kwargs.value(), Map.of("observed_value", observed)));
  }
}
