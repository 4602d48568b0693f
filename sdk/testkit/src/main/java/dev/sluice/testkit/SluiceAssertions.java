package dev.sluice.testkit;

/**
 * Assertions in the words of a run: {@code assertThat(result).quarantined(2).because("fare")}.
 *
 * <p>Goes together with AssertJ's own: import both {@code assertThat} statically.
 */
public final class SluiceAssertions {
  private SluiceAssertions() {}

  /** Assertions on what came of a job's run. */
  public static JobResultAssert assertThat(JobResult result) {
    return new JobResultAssert(new Outcome(result));
  }

  /** Assertions on what a suite says of rows. */
  public static SuiteResultAssert assertThat(SuiteResult result) {
    return new SuiteResultAssert(result);
  }
}
