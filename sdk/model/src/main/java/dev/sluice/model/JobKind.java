package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The three things a job can be. */
public enum JobKind {
  /** Source to table. */
  EXTRACT,
  /** Tables and sources to table. */
  TRANSFORM,
  /** Table to sink. */
  LOAD;

  /** The name used in the manifest and in messages. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
