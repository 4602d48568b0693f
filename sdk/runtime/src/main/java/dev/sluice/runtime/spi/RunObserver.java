package dev.sluice.runtime.spi;

import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells another system of runs; a new one is made for each.
 *
 * <p>It can neither fail nor hold up a run: it is called on a thread of its own, what it throws is
 * said once, and a run that has ended waits five seconds for all its observers together. Implement
 * it with {@code @AutoService}, and load libraries only where {@link #isAsked} says yes.
 */
public interface RunObserver {

  /** How warnings call it. */
  String name();

  /**
   * Whether the settings, or the environment, ask for it; the others are left alone.
   *
   * @param environment the process's own
   */
  boolean isAsked(LakeConfig config, Map<String, String> environment);

  /**
   * A run has begun.
   *
   * @param run the run as it stands when it is asked for, by any thread
   */
  default void begun(LakeConfig config, Map<String, String> environment, Supplier<ObservedRun> run)
      throws Exception {}

  /** The run has ended, and its receipt is written; answers when all is sent. */
  void ended(ObservedRun run) throws Exception;
}
