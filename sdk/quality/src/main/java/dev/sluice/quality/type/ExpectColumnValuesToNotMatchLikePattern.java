package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.JsonTypes;
import dev.sluice.quality.Scope;
import java.util.Optional;

/** No text is like a pattern of SQL's LIKE. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToNotMatchLikePattern
    implements ExpectationType<ExpectColumnValuesToNotMatchLikePattern.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column, @JsonTypes("string") JsonNode likePattern, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    return Patterns.LIKE.notMatching(
        kwargs.column(), kwargs.likePattern().asText(), kwargs.mostly(), scope);
  }
}
