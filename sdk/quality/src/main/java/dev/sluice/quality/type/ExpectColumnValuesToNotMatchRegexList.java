package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;

/** No text holds a match of any of several regular expressions. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToNotMatchRegexList
    implements ExpectationType<ExpectColumnValuesToNotMatchRegexList.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, List<String> regexList, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    return Patterns.REGEX.notMatching(kwargs.column(), kwargs.regexList(), kwargs.mostly(), scope);
  }
}
