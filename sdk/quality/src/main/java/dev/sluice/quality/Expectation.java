package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * One check of a suite.
 *
 * @param id what reasons and results call it; unique in its suite
 * @param type its type
 * @param kwargs its arguments, valid by the type's schema
 * @param severity how much it matters
 * @param onFailure what the suite says to do; empty for the default of its kind
 * @param node the expectation as it stands in the suite, returned unchanged in the result
 */
public record Expectation(
    String id,
    ExpectationType<?> type,
    JsonNode kwargs,
    Severity severity,
    Optional<OnFailure> onFailure,
    JsonNode node) {

  /** For a key check: the order whose first copy stays; empty where all copies leave. */
  public java.util.List<String> keepFirstBy() {
    return java.util.List.of();
  }

  /** How much its result tells. */
  public ResultFormat resultFormat() {
    return kwargs.hasNonNull("result_format")
        ? ResultFormat.DEFAULT.with(kwargs.get("result_format"))
        : ResultFormat.DEFAULT;
  }
}
