package dev.sluice.quality;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How much an expectation matters; Great Expectations' own three levels. */
public enum Severity {
  /** The default: a published table satisfies it. */
  CRITICAL,
  /** Rows stay; the result says so. */
  WARNING,
  /** Rows stay; the result says so. */
  INFO;

  /** The name used in a suite. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
