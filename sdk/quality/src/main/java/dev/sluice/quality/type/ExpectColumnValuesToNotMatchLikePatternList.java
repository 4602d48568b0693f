package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;

/** No text is like any of several patterns of SQL's LIKE. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToNotMatchLikePatternList
    implements ExpectationType<ExpectColumnValuesToNotMatchLikePatternList.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(String column, List<String> likePatternList, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    return Patterns.LIKE.notMatching(
        kwargs.column(), kwargs.likePatternList(), kwargs.mostly(), scope);
  }
}
