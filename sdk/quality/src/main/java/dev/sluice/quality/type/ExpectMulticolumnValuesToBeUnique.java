package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;

/** An older name of expect_select_column_values_to_be_unique_within_record. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectMulticolumnValuesToBeUnique implements ExpectationType<ColumnList> {
  @Override
  public Check compile(ColumnList kwargs, Scope scope) {
    return ColumnLists.unique(kwargs, scope);
  }
}
