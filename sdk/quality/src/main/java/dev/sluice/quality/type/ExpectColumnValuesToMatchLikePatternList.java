package dev.sluice.quality.type;

import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.List;
import java.util.Optional;

/** Every text is like one of several patterns of SQL's LIKE, or like all. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToMatchLikePatternList
    implements ExpectationType<ExpectColumnValuesToMatchLikePatternList.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column,
      List<String> likePatternList,
      Optional<MatchOn> matchOn,
      Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    return Patterns.LIKE.matching(
        kwargs.column(),
        kwargs.likePatternList(),
        kwargs.matchOn().orElse(MatchOn.ANY),
        kwargs.mostly(),
        scope);
  }
}
