package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;

/** The number of rows with a value falls into a range, as a share of all rows. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnProportionOfNonNullValuesToBeBetween
    implements ExpectationType<ColumnRange> {
  @Override
  public Check compile(ColumnRange kwargs, Scope scope) {
    Bounds range = kwargs.bounds().ofNumbers();
    return new Check.AggregateCheck(
        List.of(Aggregates.present(kwargs.column(), scope), Aggregates.rows(scope)),
        values -> Aggregates.observed(share((Long) values.get(0), (Long) values.get(1)), range));
  }

  private static Double share(long present, long rows) {
    return rows == 0 ? null : (double) present / rows;
  }
}
