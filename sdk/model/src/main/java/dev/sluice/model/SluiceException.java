package dev.sluice.model;

/**
 * An error that tells its reader what to do.
 *
 * <p>The message reads {@code Cannot <verb> <object>: <reason>. <what to do next>} and never holds
 * a secret.
 */
@SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
public class SluiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorKind kind;
  private final ExitCode exitCode;

  /** An error of a kind, with the kind's usual exit code. */
  public SluiceException(ErrorKind kind, String message) {
    this(kind, kind.exitCode(), message, null);
  }

  /** An error of a kind with the exception that caused it. */
  public SluiceException(ErrorKind kind, String message, Throwable cause) {
    this(kind, kind.exitCode(), message, cause);
  }

  /** An error whose exit code says more than its kind, as a conflict or an unknown commit does. */
  public SluiceException(ErrorKind kind, ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.exitCode = exitCode;
  }

  /** Who has to act. */
  public ErrorKind kind() {
    return kind;
  }

  /** How a run that fails with this error ends. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /** Whether the same run may succeed later. */
  public boolean retryable() {
    return kind.retryable() || exitCode == ExitCode.COMMIT_UNKNOWN || exitCode == ExitCode.CONFLICT;
  }

  /** A configuration error. */
  public static SluiceException config(String message, Object... args) {
    return new SluiceException(ErrorKind.CONFIG, String.format(message, args));
  }

  /** A broken contract. */
  public static SluiceException contract(String message, Object... args) {
    return new SluiceException(ErrorKind.CONTRACT, String.format(message, args));
  }

  /** A failure of an outside system that is read or written. */
  public static SluiceException source(Throwable cause, String message, Object... args) {
    return new SluiceException(ErrorKind.SOURCE, String.format(message, args), cause);
  }
}
