package dev.sluice.runtime.engine;

import dev.sluice.runtime.lake.Lake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a container leaves its last words to whoever has launched it: a file, or an address in an
 * object store where the platform brings no file back.
 */
final class TerminationMessage {
  private static final String NAME = "SLUICE_TERMINATION_MESSAGE";

  private TerminationMessage() {}

  /** Writes what is known so far, where that costs nothing; never fails what has been done. */
  static void progress(Map<String, String> environment, String text) {
    if (!Documents.isAddress(environment.getOrDefault(NAME, ""))) {
      write(environment, text);
    }
  }

  /** Writes it, where there is a place for it; never fails what has been done. */
  static void write(Map<String, String> environment, String text) {
    String configured = environment.get(NAME);
    String place = configured == null ? "/dev/termination-log" : configured;
    if (configured == null && !Files.isWritable(Path.of(place))) {
      return;
    }
    try {
      if (Documents.isAddress(place)) {
        Documents.write(place, text, Lake.hadoopWithoutLake());
      } else {
        Files.writeString(Path.of(place), text);
      }
    } catch (IOException | RuntimeException e) {
      System.err.println(
          "Cannot write the termination message to " + place + ": " + e + ". Set " + NAME);
    }
  }
}
