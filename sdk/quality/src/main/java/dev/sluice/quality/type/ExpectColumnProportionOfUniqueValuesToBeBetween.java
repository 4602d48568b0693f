package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Frequencies;
import dev.sluice.quality.Scope;
import java.util.Set;

/** The number of distinct values falls into a range, as a share of all values. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnProportionOfUniqueValuesToBeBetween
    implements ExpectationType<ColumnRange> {
  @Override
  public Check compile(ColumnRange kwargs, Scope scope) {
    scope.column(kwargs.column());
    Bounds range = kwargs.bounds().ofNumbers();
    return new Check.FrequencyCheck(
        kwargs.column(), Set.of(), found -> Aggregates.observed(share(found), range));
  }

  private static Double share(Frequencies found) {
    return found.present() == 0 ? null : (double) found.distinct() / found.present();
  }
}
