package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Every text has the same, given number of characters. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValueLengthsToEqual
    implements ExpectationType<ExpectColumnValueLengthsToEqual.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Double value, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Column length = functions.char_length(scope.text(kwargs.column()));
    return Values.check(
        kwargs.column(), scope, length.notEqual(functions.lit(kwargs.value())), kwargs.mostly());
  }
}
