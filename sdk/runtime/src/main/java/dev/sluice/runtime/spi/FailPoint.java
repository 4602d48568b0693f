package dev.sluice.runtime.spi;

import dev.sluice.model.SluiceException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A place in a run at which a test makes it fail; nothing happens there unless {@value #PROPERTY}
 * says so: {@code before-commit=halt}.
 */
public enum FailPoint {
  /** In a task that has written rows, and has not committed. */
  WRITING,
  /** All rows are staged; the gate has not decided. */
  STAGED,
  /** The gate has let the rows pass, and the rejected ones are in quarantine. */
  BEFORE_COMMIT,
  /**
   * Something is changed, and not for everybody yet: some pointers of a table of plain files, or
   * the rows of a database before its commit.
   */
  BETWEEN_POINTERS,
  /** Published; the run has not been told. */
  AFTER_COMMIT;

  /** The system property. */
  public static final String PROPERTY = "sluice.failpoint";

  /** Names the file whose appearance ends a {@link Action#WAIT}. */
  public static final String UNTIL = "sluice.failpoint.until";

  /** Added to that name: the file that a run makes when it begins to wait. */
  public static final String REACHED = ".reached";

  /** The exit code of a process that was killed. */
  public static final int KILLED = 137;

  /** What happens at a point. */
  public enum Action {
    /** The process ends at once, as if it were killed. */
    HALT,
    /** An error is thrown that nobody expects. */
    THROW,
    /** The run waits for a file, and goes on. */
    WAIT;

    /** The name in the property. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The name in the property. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The value of the property that lets this happen here. */
  public String with(Action action) {
    return word() + "=" + action.word();
  }

  /** Called where the point is. */
  public void hit() {
    String asked = System.getProperty(PROPERTY);
    if (asked == null || !asked.startsWith(word() + "=")) {
      return;
    }
    String action = asked.substring(word().length() + 1);
    for (Action each : Action.values()) {
      if (each.word().equals(action)) {
        act(each);
        return;
      }
    }
    throw SluiceException.config(
        "Cannot fail at %s: '%s' is no action. Use halt, throw or wait", word(), action);
  }

  private void act(Action action) {
    switch (action) {
      case HALT -> Runtime.getRuntime().halt(KILLED);
      case THROW -> throw new IllegalStateException("failed at " + word() + ", as asked");
      case WAIT -> await(Path.of(System.getProperty(UNTIL)));
    }
  }

  private void await(Path file) {
    try {
      Files.writeString(Path.of(file + REACHED), word()); // perhaps not for the first time
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (!Files.exists(file)) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
