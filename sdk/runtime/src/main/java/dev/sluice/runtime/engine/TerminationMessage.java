package dev.sluice.runtime.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The file in which a container leaves its last words to whoever has launched it. */
final class TerminationMessage {
  private TerminationMessage() {}

  /** Writes it, where there is one; never fails what has been done. */
  static void write(Map<String, String> environment, String text) {
    String configured = environment.get("SLUICE_TERMINATION_MESSAGE");
    Path file = Path.of(configured == null ? "/dev/termination-log" : configured);
    if (configured == null && !Files.isWritable(file)) {
      return;
    }
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      System.err.println(
          "Cannot write the termination message to "
              + file
              + ": "
              + e
              + ". Set SLUICE_TERMINATION_MESSAGE");
    }
  }
}
