package dev.sluice.quality;

import java.util.Locale;

/** What the gate does about rows, or a run, that break an expectation. */
public enum OnFailure {
  /** Failing rows leave with their reasons; beyond the limit the run is refused. */
  QUARANTINE,
  /** Nothing is published. */
  REFUSE,
  /** Rows stay; the result says so. */
  WARN;

  /** The name used in a suite. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
