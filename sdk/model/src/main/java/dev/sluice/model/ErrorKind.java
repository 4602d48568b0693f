package dev.sluice.model;

/** Who has to act on an error; decides the exit code and whether a retry can help. */
public enum ErrorKind {
  /** The settings, the suite or the command line are wrong. */
  CONFIG(ExitCode.CONFIGURATION, false),
  /** The rows or the schema break what the job or its table declares. */
  CONTRACT(ExitCode.GATE_REFUSED, false),
  /** More unreadable input than the job's budget allows. */
  DATA(ExitCode.BAD_INPUT, false),
  /** An outside system that is read or written did not answer. */
  SOURCE(ExitCode.TRANSIENT, true),
  /** The platform below the job failed. */
  INFRA(ExitCode.TRANSIENT, true),
  /** The job's own code failed. */
  BUG(ExitCode.BUG, false);

  private final ExitCode exitCode;
  private final boolean retryable;

  ErrorKind(ExitCode exitCode, boolean retryable) {
    this.exitCode = exitCode;
    this.retryable = retryable;
  }

  /** The exit code of a run that ends with this kind of error. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** Whether running the same work again may succeed. */
  public boolean retryable() {
    return retryable;
  }
}
