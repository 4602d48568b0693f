package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonValue;

/** A value that no log, receipt or error may show: it prints as {@code ***}. */
public final class Secret {
  /** What is shown in place of a value. */
  public static final String HIDDEN = "***";

  private final String value;

  /** Wraps a value. */
  public Secret(String value) {
    this.value = value;
  }

  /** The value itself, for the one place that needs it. */
  public String reveal() {
    return value;
  }

  @Override
  @JsonValue
  public String toString() {
    return HIDDEN;
  }
}
