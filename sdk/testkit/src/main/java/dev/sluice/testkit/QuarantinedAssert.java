package dev.sluice.testkit;

import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Row;

/** The rows that a run rejected, and why. */
public final class QuarantinedAssert extends JobResultAssert {

  QuarantinedAssert(Outcome actual) {
    super(actual);
  }

  /** Each of the rows fails just these expectations. */
  public QuarantinedAssert because(String... ids) {
    for (Row row : actual.quarantine()) {
      if (!Set.copyOf(JobResult.reasons(row)).equals(Set.of(ids))) {
        throw different("every row in quarantine because of %s", List.of(ids));
      }
    }
    return this;
  }

  /** So many of the rows fail this expectation, whatever else they fail. */
  public QuarantinedAssert because(int rows, String id) {
    int found = Outcome.byReason(actual.quarantine()).getOrDefault(id, 0);
    if (found != rows) {
      throw different("%d rows in quarantine because of %s, but there are %d", rows, id, found);
    }
    return this;
  }

  /**
   * The rejected rows are just these, in any order; other columns than the named are not looked at.
   *
   * @param header names of columns, separated by commas
   * @param rows values in that order, separated by commas; an empty value is null
   */
  public QuarantinedAssert rows(String header, String... rows) {
    List<String> expected = RowTexts.canonical(List.of(rows));
    List<String> found = RowTexts.of(actual.quarantine(), RowTexts.cells(header));
    List<String> missing = RowTexts.without(expected, found);
    List<String> unexpected = RowTexts.without(found, expected);
    if (!missing.isEmpty() || !unexpected.isEmpty()) {
      throw different(
          "these rows in quarantine, by %s:%n  missing:    %s%n  unexpected: %s",
          header, missing, unexpected);
    }
    return this;
  }
}
