package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The rows have these columns, and by default no others. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectTableColumnsToMatchSet
    implements ExpectationType<ExpectTableColumnsToMatchSet.Kwargs> {

  /** The arguments, named as in Great Expectations. */
  public record Kwargs(List<String> columnSet, Optional<Boolean> exactMatch) {}

  @Override
  public boolean takesCondition() {
    return false;
  }

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    Set<String> observed = new TreeSet<>(Arrays.asList(scope.schema().fieldNames()));
    Set<String> expected = new TreeSet<>(kwargs.columnSet());
    Map<String, Object> mismatched = new LinkedHashMap<>();
    List<String> unexpected = without(observed, expected);
    List<String> missing = without(expected, observed);
    if (!unexpected.isEmpty()) {
      mismatched.put("unexpected", unexpected);
    }
    if (!missing.isEmpty()) {
      mismatched.put("missing", missing);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("observed_value", List.copyOf(observed));
    if (!mismatched.isEmpty()) {
      result.put("details", Map.of("mismatched", mismatched));
    }
    boolean onlyThese = kwargs.exactMatch().orElse(true);
    boolean success = missing.isEmpty() && (unexpected.isEmpty() || !onlyThese);
    return new Check.SchemaCheck(new Check.Outcome(success, result));
  }

  private static List<String> without(Set<String> names, Set<String> others) {
    return names.stream().filter(name -> !others.contains(name)).toList();
  }
}
