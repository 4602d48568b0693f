package dev.sluice.runtime.engine;

import java.util.Locale;

/** The phases of a run, in order. */
public enum Phase {
  /** Settings become values. */
  BIND,
  /** The job runs over empty frames; schemas and checks are matched. */
  PLAN,
  /** Inputs are pinned. */
  READ,
  /** Rows are computed, checked and staged. */
  TRANSFORM,
  /** The suite decides. */
  GATE,
  /** One commit makes the rows visible. */
  PUBLISH,
  /** The catalog's comments and properties are brought in line. */
  REGISTER,
  /** The receipt is written. */
  REPORT;

  /** The name in receipts and messages. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
