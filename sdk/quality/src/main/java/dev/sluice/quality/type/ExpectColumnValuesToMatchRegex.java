package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.JsonTypes;
import dev.sluice.quality.Scope;
import java.util.Optional;

/** Every text holds a match of a regular expression. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToMatchRegex
    implements ExpectationType<ExpectColumnValuesToMatchRegex.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column, @JsonTypes("string") JsonNode regex, Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    return Patterns.REGEX.matching(
        kwargs.column(), kwargs.regex().asText(), kwargs.mostly(), scope);
  }
}
