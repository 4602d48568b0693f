package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.lake.ReadingFile;
import dev.sluice.runtime.source.BrokenFile;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.AnalysisException;

/** Tells from an exception who has to act, and cuts its stack to the job's own frames. */
final class Failures {
  private static final int FRAMES = 8;

  private Failures() {}

  /**
   * The exception as one that has a kind, an exit code and a message for people.
   *
   * @param outOfMemory where a task has run out of memory, where one has
   */
  static SluiceException classify(
      Throwable thrown, String job, Phase phase, Optional<OutOfMemory.Place> outOfMemory) {
    List<Throwable> chain = chain(thrown);
    if (OutOfMemory.isAmong(chain)) {
      Optional<SparkConf> spark = Optional.ofNullable(SparkEnv.get()).map(SparkEnv::conf);
      return OutOfMemory.of(chain, job, phase, outOfMemory, spark);
    }
    for (Throwable link : chain) {
      if (link instanceof SluiceException known) {
        return known;
      }
    }
    Optional<String> file = ReadingFile.of(chain);
    if (file.isPresent() && BrokenFile.isOfReader(thrown)) {
      return BrokenFile.ofTable(file.get(), thrown);
    }
    for (Throwable link : chain) {
      if (link.getClass().getName().contains("CommitStateUnknown")) {
        return new SluiceException(
            ErrorKind.INFRA,
            ExitCode.COMMIT_UNKNOWN,
            "Cannot tell whether "
                + job
                + " was published: "
                + firstLine(link)
                + ". Run again with the same interval: the ledger decides",
            thrown);
      }
      if (isUnreadableRecord(link)) {
        return new SluiceException(
            ErrorKind.DATA,
            "Cannot run "
                + job
                + ": an input holds a record that cannot be parsed ("
                + firstLine(link)
                + "). Deliver the file again",
            thrown);
      }
    }
    for (Throwable link : chain) {
      if (isOutside(link)) {
        return new SluiceException(
            ErrorKind.INFRA,
            "Cannot "
                + phase.word()
                + " "
                + job
                + ": "
                + firstLine(link)
                + ". Check storage, network and credentials, then run again",
            thrown);
      }
    }
    Throwable root = chain.get(chain.size() - 1);
    Throwable told = thrown instanceof AnalysisException ? thrown : root;
    return new SluiceException(
        ErrorKind.BUG,
        "Cannot "
            + phase.word()
            + " "
            + job
            + ": "
            + firstLine(told)
            + ". Correct the job; the stack shows where",
        thrown);
  }

  private static boolean isUnreadableRecord(Throwable link) {
    String message = Optional.ofNullable(link.getMessage()).orElse("");
    return message.contains("MALFORMED_RECORD_IN_PARSING");
  }

  private static boolean isOutside(Throwable link) {
    return link instanceof ConnectException
        || link instanceof UnknownHostException
        || link instanceof SocketException
        || link instanceof java.nio.file.FileSystemException
        || link.getClass().getName().startsWith("software.amazon.awssdk.")
        || (link instanceof java.io.IOException && !(link instanceof java.io.EOFException));
  }

  /** The first line of a message, without what Spark adds to it. */
  static String firstLine(Throwable thrown) {
    String name = thrown.getClass().getSimpleName();
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return name;
    }
    String line = message.strip().lines().findFirst().orElse("").replaceAll("[.\\s]+$", "");
    return name + ": " + line;
  }

  /** The frames of the job's own code, deepest first; those of the cause where there are none. */
  static List<String> stack(Throwable thrown, String jobClass) {
    String ownPackage = jobClass.substring(0, Math.max(0, jobClass.lastIndexOf('.')));
    List<String> own = new ArrayList<>();
    List<Throwable> chain = chain(thrown);
    for (int i = chain.size() - 1; i >= 0; i--) {
      Arrays.stream(chain.get(i).getStackTrace())
          .map(StackTraceElement::toString)
          .map(frame -> frame.replaceFirst("^app//", ""))
          .filter(frame -> frame.startsWith(ownPackage + "."))
          .filter(frame -> !own.contains(frame))
          .forEach(own::add);
    }
    return own.subList(0, Math.min(FRAMES, own.size()));
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = thrown; link != null && !chain.contains(link); link = link.getCause()) {
      chain.add(link);
    }
    return chain;
  }
}
