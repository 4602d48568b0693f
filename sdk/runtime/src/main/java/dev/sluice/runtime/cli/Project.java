package dev.sluice.runtime.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The name of the project that this image holds, as its build wrote it to {@code /sluice-project}.
 */
final class Project {
  private Project() {}

  static String name() {
    try (InputStream in = Project.class.getResourceAsStream("/sluice-project")) {
      return in == null ? "jobs" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
