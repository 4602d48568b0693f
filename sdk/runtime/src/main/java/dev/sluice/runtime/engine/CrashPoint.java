package dev.sluice.runtime.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A named place at which a test stops a run, to kill it there. Off unless {@code
 * SLUICE_PAUSE_AT=<phase>} is set; a run then waits at the beginning of that phase, until the file
 * {@code SLUICE_PAUSE_UNTIL} appears if one is named.
 */
final class CrashPoint {
  private static final String VARIABLE = "SLUICE_PAUSE_AT";
  private static final String UNTIL = "SLUICE_PAUSE_UNTIL";

  private CrashPoint() {}

  static void reached(Phase phase, Map<String, String> environment, Progress progress, Stop stop) {
    if (!phase.word().equals(environment.get(VARIABLE))) {
      return;
    }
    progress.say("paused at " + phase.word() + " (" + VARIABLE + ")");
    Optional<Path> end = Optional.ofNullable(environment.get(UNTIL)).map(Path::of);
    while (!stop.asked() && !end.map(Files::exists).orElse(false)) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
