package dev.sluice.quality.type;

import dev.sluice.quality.Check;
import dev.sluice.quality.Check.RowCheck;
import dev.sluice.quality.Columns;
import dev.sluice.quality.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** The shape that all questions to several columns at once have: which rows are not asked. */
final class ColumnLists {
  private ColumnLists() {}

  /** True for rows that are not asked. */
  static Column missing(List<String> columns, Optional<String> ignoreRowIf, Scope scope) {
    List<Column> nulls = columns.stream().map(name -> scope.column(name).isNull()).toList();
    return switch (ignoreRowIf.orElse("all_values_are_missing")) {
      case "all_values_are_missing" -> nulls.stream().reduce(Column::and).orElseThrow();
      case "any_value_is_missing" -> nulls.stream().reduce(Column::or).orElseThrow();
      case "never" -> functions.lit(false);
      default ->
          throw new IllegalArgumentException(
              "ignore_row_if is one of all_values_are_missing, any_value_is_missing, never");
    };
  }

  /** No two of the columns have the same value, and no two of them are missing. */
  static Check unique(ColumnList kwargs, Scope scope) {
    List<String> columns = kwargs.columnList();
    List<Column> same = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      for (int j = i + 1; j < columns.size(); j++) {
        Columns.comparable(columns.get(i), columns.get(j), scope.schema());
        same.add(scope.column(columns.get(i)).eqNullSafe(scope.column(columns.get(j))));
      }
    }
    return new RowCheck(
        columns,
        missing(columns, kwargs.ignoreRowIf(), scope),
        Values.any(same),
        kwargs.mostly().orElse(1.0));
  }
}
