package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.Check.Outcome;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Frequencies;
import dev.sluice.quality.Frequencies.Value;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.DataType;

/** The commonest value is one of a set; where several are, one of them may be enough. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnMostCommonValueToBeInSet
    implements ExpectationType<ExpectColumnMostCommonValueToBeInSet.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column, Optional<List<JsonNode>> valueSet, Optional<Boolean> tiesOkay) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    DataType type = scope.typeOf(kwargs.column());
    Optional<Set<String>> set =
        kwargs.valueSet().map(values -> SetValues.of(values, type).byText().keySet());
    boolean ties = kwargs.tiesOkay().orElse(false);
    return new Check.FrequencyCheck(
        kwargs.column(), set.orElse(Set.of()), found -> outcome(commonest(found), set, ties));
  }

  private static List<Object> commonest(Frequencies found) {
    long most = found.values().stream().mapToLong(Value::count).max().orElse(0);
    return found.values().stream().filter(one -> one.count() == most).map(Value::value).toList();
  }

  private static Outcome outcome(List<Object> commonest, Optional<Set<String>> set, boolean ties) {
    boolean any =
        set.map(texts -> commonest.stream().map(SetValues::text).anyMatch(texts::contains))
            .orElse(true);
    boolean success = set.isEmpty() || (any && (ties || commonest.size() == 1));
    return new Outcome(success, Map.of("observed_value", commonest));
  }
}
