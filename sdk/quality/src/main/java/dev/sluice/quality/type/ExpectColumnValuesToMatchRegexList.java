package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;

/** Every text holds a match of one of several regular expressions, or of all. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToMatchRegexList
    implements ExpectationType<ExpectColumnValuesToMatchRegexList.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column, List<String> regexList, Optional<MatchOn> matchOn, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    return Patterns.REGEX.matching(
        kwargs.column(),
        kwargs.regexList(),
        kwargs.matchOn().orElse(MatchOn.ANY),
        kwargs.mostly(),
        scope);
  }
}
