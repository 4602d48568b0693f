package dev.sluice.model;

import java.util.Optional;

/**
 * Names a piece of work: two runs with the same key do the same thing, and one of them commits.
 *
 * @param job the job's name
 * @param target the table or sink that the job writes
 * @param interval the interval, if the job has one
 */
public record RunKey(String job, String target, Optional<Interval> interval) {

  /** A short name of fixed form, for branches, properties and folders: 16 hex digits. */
  public String hash() {
    return hash(toString());
  }

  /** The same of a run key that is given as its text. */
  public static String hash(String runKey) {
    return Sha256.of(runKey).substring(0, 16);
  }

  @Override
  public String toString() {
    return job + "/" + target + "/" + interval.map(Interval::toString).orElse("all");
  }
}
