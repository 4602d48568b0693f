package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The rows have this column, or this field within one. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnToExist implements ExpectationType<ExpectColumnToExist.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, Optional<Long> columnIndex) {}

  @Override
  public boolean takesCondition() {
    return false;
  }

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    int index = Arrays.asList(scope.schema().fieldNames()).indexOf(kwargs.column());
    boolean exists =
        index >= 0
            ? kwargs.columnIndex().map(wanted -> wanted == index).orElse(true)
            : kwargs.columnIndex().isEmpty() && isWithin(kwargs.column(), scope);
    return new Check.SchemaCheck(new Check.Outcome(exists, Map.of()));
  }

  private static boolean isWithin(String path, Scope scope) {
    try {
      scope.typeOf(path);
    } catch (IllegalArgumentException e) {
      return false;
    }
    // A whole column that is written otherwise is another column.
    return Arrays.stream(scope.schema().fieldNames()).noneMatch(path::equalsIgnoreCase);
  }
}
