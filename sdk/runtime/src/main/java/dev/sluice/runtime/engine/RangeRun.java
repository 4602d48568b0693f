package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.lake.Lake;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A run for each part of an interval, oldest first, in one process with one Spark session.
 *
 * <p>Each part is a run like any other, with its own run key, ledger entry, receipt and line in the
 * audit log: to do the range again finds what is committed, and does the rest. A part that fails
 * does not keep those after it from running, unless they would fail as it did. The range itself
 * leaves a receipt that tells of all parts; it is nothing that could be committed, and no ledger
 * knows it.
 */
public final class RangeRun {
  private final RunRequest request;
  private final Each each;
  private final Job job;
  private final Supplier<Progress> progress;
  private final Stop stop;
  private final ReceiptBook book;

  /**
   * A run for each part of the request's interval.
   *
   * @param progress of one part each
   */
  public RangeRun(RunRequest request, Each each, Job job, Supplier<Progress> progress, Stop stop) {
    this.request = request;
    this.each = each;
    this.job = job;
    this.progress = progress;
    this.stop = stop;
    this.book = new ReceiptBook(job.spec().name(), request.environment());
  }

  /** Where the receipts of a job's ranges lie: they are no receipts of runs. */
  static String folder(Lake lake, String job) {
    return lake.warehouse() + "/_sluice/ranges/" + job;
  }

  /** Runs the parts and answers the receipt of them all, whatever happens; never throws. */
  public Receipt run() {
    Optional<Lake> lake = Optional.empty();
    try {
      book.enter(Phase.BIND);
      List<Interval> parts = parts();
      RangeTally tally = new RangeTally(each, parts);
      book.range(tally.range());
      Bound bound = Bound.of(request, job);
      book.bound(bound.key(), bound.interval(), bound.settings().shown());
      lake = Optional.of(Lake.open(bound.settings().lake()));
      book.spark(lake.get()::sparkFacts);
      book.place(folder(lake.get(), bound.spec().name()) + "/" + book.runId() + ".json");
      runAll(parts, tally, lake.get());
      return report(ended(tally), lake);
    } catch (Throwable e) {
      Ending ending = new Ending(book, request, stop, new Observers(request));
      return report(ending.failed(e, job.getClass().getName()), lake);
    } finally {
      lake.ifPresent(Lake::close);
    }
  }

  private List<Interval> parts() {
    String name = job.spec().name();
    if (!job.spec().perInterval()) {
      throw SluiceException.config(
          "Cannot run %s for each %s: the job has no interval. Leave out --each, or declare the job"
              + " perInterval()",
          name, each.word());
    }
    if (request.inputs().isPresent()) {
      throw SluiceException.config(
          "Cannot run %s for each %s on the inputs of a receipt: one run has read these. Leave out"
              + " --inputs, or --each",
          name, each.word());
    }
    return each.split(
        request
            .interval()
            .orElseThrow(
                () ->
                    SluiceException.config(
                        "Cannot run %s for each %s: no interval is given. Add --interval START/END",
                        name, each.word())));
  }

  private void runAll(List<Interval> parts, RangeTally tally, Lake lake) {
    for (int i = 0; i < parts.size() && !stop.asked() && !tally.isHopeless(); i++) {
      String number = String.format("part %d of %d: ", i + 1, parts.size());
      run(parts.get(i), number + parts.get(i).brief(), tally, lake);
      stop.partEnded();
      lake.tidy();
    }
  }

  private void run(Interval part, String heading, RangeTally tally, Lake lake) {
    tally.begins(part);
    try (Progress told = progress.get()) {
      told.say(heading);
      RunRequest ofPart = request.ofPart(part);
      Receipt receipt = new LifeCycle(ofPart, job, told, stop, within(tally)).runIn(lake);
      tally.add(part, receipt);
      tally.fill(book);
      told.say(heading + " " + outcome(receipt));
    }
  }

  /** A part's words are the range's: whoever has launched it knows of no other run. */
  private LastWords within(RangeTally tally) {
    return new LastWords() {
      @Override
      public void soFar(Receipt receipt) {
        book.range(tally.range());
        book.enter(Phase.valueOf(receipt.phase().toUpperCase(Locale.ROOT)));
      }

      @Override
      public void ended(Receipt receipt) {
        // The range goes on, and says so when its next part begins.
      }
    };
  }

  private static String outcome(Receipt receipt) {
    Optional<String> more =
        receipt.status().isPublished()
            ? receipt
                .rows()
                .map(rows -> String.format(Locale.ROOT, ", %,d rows written", rows.written()))
            : receipt.error().map(error -> ": " + error.message());
    return receipt.status() + more.orElse("");
  }

  private Receipt ended(RangeTally tally) {
    book.enter(Phase.REPORT);
    Receipt.Range range = tally.range();
    if (range.isPublished()) {
      Status status = range.committed() > 0 ? Status.COMMITTED : Status.ALREADY_COMMITTED;
      return book.ended(status, ExitCode.COMMITTED.value(), Optional.empty());
    }
    if (range.notRun() > 0 && stop.isWished()) {
      SluiceException stopped = stopped(range);
      return book.ended(
          Status.CANCELLED,
          stopped.exitCode().value(),
          Optional.of(book.failure(stopped, stopped, job.getClass().getName())));
    }
    RangeTally.Failed deciding = tally.deciding().orElseThrow();
    return book.ended(
        deciding.status(), deciding.exitCode(), Optional.of(failure(range, deciding)));
  }

  private SluiceException stopped(Receipt.Range range) {
    return new SluiceException(
        ErrorKind.INFRA,
        ExitCode.TERMINATED,
        String.format(
            "Cannot go on with %s: it was asked to stop, and %s. Run it again: it does what is left",
            name(), standing(range)),
        null);
  }

  /** The failure of one part, as that of them all. */
  private Receipt.Failure failure(Receipt.Range range, RangeTally.Failed deciding) {
    Receipt.Failure error = deciding.error();
    String message =
        String.format(
            "Cannot finish %s: %s. Settle what it says of %s and run it again, which does what is"
                + " left. %s",
            name(), standing(range), deciding.interval().brief(), error.message());
    return new Receipt.Failure(
        error.kind(), error.phase(), message, error.retryable(), error.stack());
  }

  private String name() {
    return String.format(
        "%s for each %s of %s",
        request.job(), each.word(), request.interval().orElseThrow().brief());
  }

  private static String standing(Receipt.Range range) {
    return String.format(
        "%d of %d parts are committed (failed: %d, not run: %d)",
        range.committed() + range.alreadyCommitted(),
        range.parts(),
        range.failed(),
        range.notRun());
  }

  /** The audit log has a line for each part; what the range adds to them is nothing but this. */
  private Receipt report(Receipt receipt, Optional<Lake> lake) {
    book.keep(receipt, lake.map(Lake::hadoop), request.receipt());
    book.terminationMessage(receipt);
    return receipt;
  }
}
