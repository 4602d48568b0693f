package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Optional;

/** Every text is a time in a format of Python's strptime. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToMatchStrftimeFormat
    implements ExpectationType<ExpectColumnValuesToMatchStrftimeFormat.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, String strftimeFormat, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    StrftimeFormat format = StrftimeFormat.of(kwargs.strftimeFormat());
    return Texts.passing(
        new ColumnValues(kwargs.column(), kwargs.mostly()), scope, format::matches);
  }
}
