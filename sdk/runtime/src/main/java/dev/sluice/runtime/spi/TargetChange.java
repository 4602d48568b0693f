package dev.sluice.runtime.spi;

/**
 * One thing that {@link Target#prepare()} would change.
 *
 * @param effect what it means to those who read the target today
 * @param line the change for people
 */
public record TargetChange(Effect effect, String line) {

  /** What a change means to readers. */
  public enum Effect {
    /** There is nothing to read yet. */
    CREATES,
    /** They go on. */
    KEEPS,
    /** They lose something. */
    BREAKS
  }

  /** The target is made. */
  public static TargetChange creates(String line) {
    return new TargetChange(Effect.CREATES, line);
  }

  /** Readers go on. */
  public static TargetChange keeps(String line) {
    return new TargetChange(Effect.KEEPS, line);
  }
}
