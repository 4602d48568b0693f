package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Check.Direction;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Optional;

/** No value is less than the one before it, in the order in which rows were written. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeIncreasing
    implements ExpectationType<ExpectColumnValuesToBeIncreasing.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Optional<Boolean> strictly, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Direction direction =
        kwargs.strictly().orElse(false) ? Direction.STRICTLY_INCREASING : Direction.INCREASING;
    return Orders.check(kwargs.column(), direction, kwargs.mostly(), scope);
  }
}
