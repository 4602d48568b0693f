package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Asks a run to end: it stops at the next point where nothing is half done. */
public final class Stop {
  private SparkSession spark;
  private boolean asked;
  private boolean publishing;
  private Optional<SluiceException> reason = Optional.empty();

  /** Ends the run unless it has begun to publish; then it goes on to its end. */
  public synchronized void ask() {
    asked = true;
    if (!publishing && spark != null) {
      spark.sparkContext().cancelAllJobs();
    }
  }

  /** The same for a reason of the run's own, which is then what it ends with. */
  synchronized void ask(SluiceException because) {
    reason = reason.or(() -> Optional.of(because));
    ask();
  }

  /** Whether somebody has asked. */
  public synchronized boolean asked() {
    return asked;
  }

  /** Whether that was somebody's wish, and not a reason of the run's own. */
  synchronized boolean isWished() {
    return asked && reason.isEmpty();
  }

  synchronized void attach(SparkSession session) {
    spark = session;
    check();
  }

  /** Whether the run is to end unpublished: somebody has asked, and the commit has not begun. */
  synchronized boolean ends() {
    return asked && !publishing;
  }

  /** Ends the run here if somebody has asked, and it has not begun to publish. */
  synchronized void check() {
    if (ends()) {
      throw reason();
    }
  }

  /** From here on the run goes to its end: a commit is not to be torn. */
  synchronized void publishing() {
    check();
    publishing = true;
  }

  /** What a run says that ends because it was asked to. */
  synchronized SluiceException reason() {
    return reason.orElseGet(Stop::told);
  }

  /** A part of a range has ended, and its session may have: the next one may be stopped again. */
  synchronized void partEnded() {
    publishing = false;
    spark = null;
  }

  private static SluiceException told() {
    return new SluiceException(
        ErrorKind.INFRA,
        ExitCode.TERMINATED,
        "Cannot go on: the run was asked to stop, and nothing was published. Run again",
        null);
  }
}
