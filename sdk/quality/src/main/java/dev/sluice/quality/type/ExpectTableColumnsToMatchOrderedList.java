package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The columns are these, in this order. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectTableColumnsToMatchOrderedList
    implements ExpectationType<ExpectTableColumnsToMatchOrderedList.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(Optional<List<String>> columnList) {}

  @Override
  public boolean takesCondition() {
    return false;
  }

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    List<String> observed = List.of(scope.schema().fieldNames());
    List<Map<String, Object>> mismatched =
        kwargs.columnList().map(wanted -> mismatched(wanted, observed)).orElse(List.of());
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("observed_value", observed);
    if (!mismatched.isEmpty()) {
      result.put("details", Map.of("mismatched", mismatched));
    }
    return new Check.SchemaCheck(new Check.Outcome(mismatched.isEmpty(), result));
  }

  private static List<Map<String, Object>> mismatched(List<String> wanted, List<String> observed) {
    List<Map<String, Object>> mismatched = new ArrayList<>();
    for (int i = 0; i < Math.max(wanted.size(), observed.size()); i++) {
      String expected = i < wanted.size() ? wanted.get(i) : null;
      String found = i < observed.size() ? observed.get(i) : null;
      if (!Objects.equals(expected, found)) {
        mismatched.add(
            Fields.of("Expected Column Position", i, "Expected", expected, "Found", found));
      }
    }
    return mismatched;
  }
}
