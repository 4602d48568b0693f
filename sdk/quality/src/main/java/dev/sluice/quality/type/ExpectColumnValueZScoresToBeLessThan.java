package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** No value is further from the mean than so many standard deviations. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValueZScoresToBeLessThan
    implements ExpectationType<ExpectColumnValueZScoresToBeLessThan.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column, Double threshold, Optional<Boolean> doubleSided, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Column value = scope.number(kwargs.column()).cast("double");
    Column observed = scope.observed(value);
    return new Check.FollowUpCheck(
        List.of(functions.avg(observed), functions.stddev_samp(observed)),
        totals -> {
          Column unexpected = beyond(value, totals.get(0), totals.get(1), kwargs);
          return Values.check(kwargs.column(), scope, unexpected, kwargs.mostly());
        });
  }

  /** Values that are all the same have no deviation, and none of them stands out. */
  private static Column beyond(Column value, Object mean, Object deviation, Kwargs kwargs) {
    if (!(mean instanceof Double middle) || !(deviation instanceof Double unit) || unit == 0) {
      return functions.lit(false);
    }
    Column score = value.minus(functions.lit(middle)).divide(functions.lit(unit));
    return kwargs.doubleSided().orElse(true)
        ? functions.abs(score).geq(functions.lit(Math.abs(kwargs.threshold())))
        : score.geq(functions.lit(kwargs.threshold()));
  }
}
