package dev.sluice.runtime.engine;

import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A named place at which a test stops a run, to kill it there. Off unless {@code
 * SLUICE_PAUSE_AT=<phase>} is set; a run then waits at the beginning of that phase.
 */
final class CrashPoint {
  private static final String VARIABLE = "SLUICE_PAUSE_AT";

  private CrashPoint() {}

  static void reached(Phase phase, Map<String, String> environment, Progress progress, Stop stop) {
    if (!phase.word().equals(environment.get(VARIABLE))) {
      return;
    }
    progress.say("paused at " + phase.word() + " (" + VARIABLE + ")");
    CountDownLatch never = new CountDownLatch(1);
    while (!stop.asked()) {
      try {
        if (never.await(100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
