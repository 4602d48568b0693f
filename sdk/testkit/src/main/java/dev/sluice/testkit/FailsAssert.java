package dev.sluice.testkit;

/** An expectation that does not hold. */
public final class FailsAssert extends SuiteResultAssert {
  private final String id;

  FailsAssert(SuiteResult actual, String id) {
    super(actual);
    this.id = id;
  }

  /** So many rows fail it. */
  public SuiteResultAssert in(long rows) {
    if (answer(id).unexpected() != rows) {
      throw different("%s to fail in %d rows", id, rows);
    }
    return this;
  }
}
