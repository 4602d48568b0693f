package dev.sluice.testkit;

import dev.sluice.model.Receipt.Rows;
import dev.sluice.model.Receipt.Status;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.Row;
import org.assertj.core.api.AbstractAssert;

/** Assertions on what came of a run; a failure tells the receipt's verdict and the quarantine. */
public class JobResultAssert extends AbstractAssert<JobResultAssert, Outcome> {

  JobResultAssert(Outcome actual) {
    super(actual, JobResultAssert.class);
  }

  /** The run has published. */
  public JobResultAssert committed() {
    return ended(Status.COMMITTED);
  }

  /** An earlier run had published the same work; this one changed nothing. */
  public JobResultAssert alreadyCommitted() {
    return ended(Status.ALREADY_COMMITTED);
  }

  /** The gate refused, and nothing was published. */
  public RefusedAssert refused() {
    ended(Status.REFUSED);
    return new RefusedAssert(actual);
  }

  /** The run ended by an error that is not the gate's. */
  public RefusedAssert failed() {
    ended(Status.FAILED);
    return new RefusedAssert(actual);
  }

  /** So many rows were read. */
  public JobResultAssert read(long rows) {
    return counted("read", rows, Rows::read);
  }

  /** So many rows were published by this run. */
  public JobResultAssert published(long rows) {
    return counted("published", rows, Rows::written);
  }

  /** So many rows were dropped by the job's own filters. */
  public JobResultAssert filtered(long rows) {
    return counted("filtered", rows, Rows::filtered);
  }

  /** So many rows are in quarantine. */
  public QuarantinedAssert quarantined(int rows) {
    if (actual.quarantine().size() != rows) {
      throw different("%d rows in quarantine", rows);
    }
    return new QuarantinedAssert(actual);
  }

  /**
   * The job's table holds just these rows, in any order; other columns than the named are not
   * looked at.
   *
   * @param header names of columns, separated by commas
   * @param rows values in that order, separated by commas; an empty value is null
   */
  public JobResultAssert published(String header, String... rows) {
    List<String> expected = RowTexts.canonical(List.of(rows));
    List<String> found = RowTexts.of(actual.rows(), RowTexts.cells(header));
    List<String> missing = RowTexts.without(expected, found);
    List<String> unexpected = RowTexts.without(found, expected);
    if (!missing.isEmpty() || !unexpected.isEmpty()) {
      throw different(
          "these rows in the table, by %s:%n  missing:    %s%n  unexpected: %s",
          header, missing, unexpected);
    }
    return this;
  }

  /** The job's table holds nothing. */
  public JobResultAssert publishedNothing() {
    List<Row> rows = actual.rows();
    if (!rows.isEmpty()) {
      throw different("no row in the table, but there are %d", rows.size());
    }
    return this;
  }

  private JobResultAssert ended(Status status) {
    if (actual.receipt().status() != status) {
      throw different("the run to end %s", status);
    }
    return this;
  }

  private JobResultAssert counted(String what, long rows, ToLongFunction<Rows> count) {
    if (actual.receipt().rows().map(count::applyAsLong).filter(n -> n == rows).isEmpty()) {
      throw different("%d rows %s", rows, what);
    }
    return this;
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
  final AssertionError different(String expected, Object... args) {
    return failure("%s", "Expected " + String.format(expected, args) + ".\n" + actual.story());
  }
}
