package dev.sluice.model;

/** How a run ends, as the operating system sees it; part of the public contract. */
public enum ExitCode {
  /** Committed now, or by an earlier run with the same run key. */
  COMMITTED(0),
  /** The settings, the suite or the command line are wrong. */
  CONFIGURATION(2),
  /** The gate refused to publish. */
  GATE_REFUSED(3),
  /** More unreadable input than the budget allows. */
  BAD_INPUT(4),
  /** The commit may or may not have happened. */
  COMMIT_UNKNOWN(5),
  /** Another writer changed the same rows. */
  CONFLICT(6),
  /** The job's own code failed. */
  BUG(70),
  /** An outside system failed; the same run may succeed later. */
  TRANSIENT(75),
  /** Out of memory. */
  MEMORY(137),
  /** Asked to stop, and stopped with nothing published. */
  TERMINATED(143);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  /** The number given to the operating system. */
  public int value() {
    return value;
  }
}
