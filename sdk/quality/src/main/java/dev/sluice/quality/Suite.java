package dev.sluice.quality;

import java.util.List;

/**
 * A named list of expectations.
 *
 * @param name its name
 * @param limit the share of rows, 0 to 1, that an expectation without {@code mostly} may send to
 *     quarantine before the run is refused
 * @param badInputLimit the share of rows, 0 to 1, that may be unreadable
 * @param expectations its checks
 */
public record Suite(
    String name, double limit, double badInputLimit, List<Expectation> expectations) {

  /** The share that holds where a suite names none. */
  public static final double DEFAULT_LIMIT = 0.05;

  /** What the suite is known by in quarantine, whatever its name. */
  public String fingerprint() {
    return Integer.toHexString(hashCode());
  }

  /** Copies the list. */
  public Suite {
    expectations = List.copyOf(expectations);
  }

  /** A suite that asks nothing, for a job that has none. */
  public static Suite empty() {
    return new Suite("", DEFAULT_LIMIT, DEFAULT_LIMIT, List.of());
  }
}
