package dev.sluice.quality;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Something in a valid suite that its author can hardly have meant.
 *
 * @param expectation the id of the check
 * @param rule the rule that found it
 * @param message what it is, and what to do about it
 */
public record SuiteFinding(String expectation, Rule rule, String message) {

  /** What is looked for. */
  public enum Rule {
    /** No row can break the check. */
    NEVER_FAILS,
    /** No row can satisfy the check. */
    ALWAYS_FAILS,
    /** Two checks cannot both hold. */
    CONTRADICTION,
    /** Two checks ask the same. */
    DUPLICATE,
    /** A column that the table does not have. */
    UNKNOWN_COLUMN,
    /** A regular expression that is none. */
    BAD_REGEX;

    /** The name for people: {@code never-fails}. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public String toString() {
    return expectation + ": " + rule.word() + ": " + message;
  }
}
