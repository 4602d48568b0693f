package dev.sluice.runtime.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Numbers lines as {@code #17 text}, so that whoever reads a log in pieces sees what is missing.
 *
 * <p>A node throws away the older part of a long log, also while it is read.
 */
final class NumberedLines extends FilterOutputStream {
  /** Asks for numbers; the launchers of the Airflow provider set it. */
  static final String WANTED = "SLUICE_LOG_NUMBERS";

  private long number;
  private boolean begins = true;

  NumberedLines(OutputStream out) {
    super(out);
  }

  /** Numbers the lines of standard error from here on, where the environment asks for it. */
  static void onStandardError(Map<String, String> environment) {
    if ("1".equals(environment.get(WANTED))) {
      System.setErr(new PrintStream(new NumberedLines(System.err), true, StandardCharsets.UTF_8));
    }
  }

  @Override
  public synchronized void write(int next) throws IOException {
    if (begins) {
      out.write(("#" + ++number + " ").getBytes(StandardCharsets.US_ASCII));
    }
    out.write(next);
    begins = next == '\n';
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) throws IOException {
    for (int at = from; at < from + count; at++) {
      write(bytes[at]);
    }
  }
}
