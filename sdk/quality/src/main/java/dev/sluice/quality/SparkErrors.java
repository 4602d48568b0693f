package dev.sluice.quality;

import org.apache.spark.SparkThrowable;

/** What Spark's errors say, in one line. */
public final class SparkErrors {
  private SparkErrors() {}

  /** The innermost reason that Spark itself gives, without its codes and its plan. */
  public static String reason(Throwable thrown) {
    Throwable told = thrown;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable known && known.getCondition() != null) {
        told = cause;
      }
    }
    String message = told.getMessage() == null ? told.toString() : told.getMessage();
    return message
        .strip()
        .replaceFirst("^\\[[A-Z_.0-9]+\\] ", "")
        .replaceAll("(?s)\\s*SQLSTATE: \\w+.*", "")
        .replaceAll("(?s);\\s*'?\\w+ \\[.*", "")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .findFirst()
        .orElse(message);
  }
}
