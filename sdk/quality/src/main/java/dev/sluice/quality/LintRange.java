package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The range that an expectation wants something to fall into.
 *
 * @param subject what falls into it; ranges of one subject must have something in common
 */
record LintRange(String subject, Optional<End> least, Optional<End> greatest) {
  /** One end, and whether it is outside itself. */
  record End(JsonNode value, boolean strict) {}

  /** The range of an expectation that has one. */
  static Optional<LintRange> of(Expectation expectation) {
    JsonNode kwargs = expectation.kwargs();
    String type = expectation.type().name();
    Optional<JsonNode> exact = Optional.ofNullable(kwargs.get("value"));
    Optional<End> least = exact.map(value -> new End(value, false));
    Optional<End> greatest = least;
    if (exact.isEmpty()) {
      if (!KwargsSchema.names(expectation.type()).contains("min_value")
          || kwargs.has("partition_object")) {
        return Optional.empty();
      }
      least = end(kwargs, "min_value", "strict_min");
      greatest = end(kwargs, "max_value", "strict_max");
    }
    String subject =
        type.replaceFirst("_to_(be_between|equal)$", "")
            + kwargs.path("column").asText()
            + expectation.condition();
    return Optional.of(new LintRange(subject, least, greatest));
  }

  private static Optional<End> end(JsonNode kwargs, String name, String strict) {
    return Optional.ofNullable(kwargs.get(name))
        .map(value -> new End(value, kwargs.path(strict).asBoolean()));
  }

  boolean open() {
    return least.isEmpty() && greatest.isEmpty();
  }

  /** Whether nothing can fall into it. */
  boolean empty() {
    if (least.isEmpty() || greatest.isEmpty()) {
      return false;
    }
    OptionalInt order = compare(least.get().value(), greatest.get().value());
    boolean open = least.get().strict() || greatest.get().strict();
    return order.isPresent() && (order.getAsInt() > 0 || (order.getAsInt() == 0 && open));
  }

  /** Whether a value is outside for certain. */
  boolean excludes(JsonNode value) {
    Optional<End> point = Optional.of(new End(value, false));
    return common(new LintRange(subject, point, point)).empty();
  }

  /** What falls into both. */
  LintRange common(LintRange other) {
    return new LintRange(
        subject, tighter(least, other.least, 1), tighter(greatest, other.greatest, -1));
  }

  /** Whether there is no end above, and everything that is not negative falls into it. */
  boolean holdsAllFromZero() {
    return greatest.isEmpty()
        && least
            .map(
                end ->
                    end.value().isNumber()
                        && end.value().asDouble() + 0.0 <= (end.strict() ? -1 : 0))
            .orElse(false);
  }

  /** Whether everything from 0 to 1 falls into it. */
  boolean holdsAllShares() {
    return !excludes(IntNode.valueOf(0)) && !excludes(IntNode.valueOf(1)) && !open();
  }

  private static Optional<End> tighter(Optional<End> one, Optional<End> other, int sign) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    int order = sign * compare(one.get().value(), other.get().value()).orElse(0);
    return order > 0 || (order == 0 && one.get().strict()) ? one : other;
  }

  /** Empty where the two are of different kinds; dates in ISO form are in order as texts. */
  private static OptionalInt compare(JsonNode left, JsonNode right) {
    if (left.isNumber() && right.isNumber()) {
      return OptionalInt.of(left.decimalValue().compareTo(right.decimalValue()));
    }
    return left.isTextual() && right.isTextual()
        ? OptionalInt.of(left.asText().compareTo(right.asText()))
        : OptionalInt.empty();
  }
}
