package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import org.apache.spark.sql.functions;

/** No row has a value. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToBeNull implements ExpectationType<ColumnValues> {
  @Override
  public Check compile(ColumnValues kwargs, Scope scope) {
    // Every row is asked: that a value is missing is the answer here, and no reason not to ask.
    return new Check.RowCheck(
        List.of(kwargs.column()),
        functions.lit(false),
        scope.column(kwargs.column()).isNotNull(),
        kwargs.mostly().orElse(1.0));
  }
}
