package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.lake.Lake;
import java.util.Optional;

/** The end of a run, good or bad: its receipt, in every place that wants it. */
final class Ending {
  private final ReceiptBook book;
  private final RunRequest request;
  private final Stop stop;
  private final Observers observers;
  private Runnable executorWait = () -> {};

  Ending(ReceiptBook book, RunRequest request, Stop stop, Observers observers) {
    this.book = book;
    this.request = request;
    this.stop = stop;
    this.observers = observers;
  }

  /** From now on it is noted what the run uses, and it ends where nobody comes to work for it. */
  void watch(Lake lake) {
    book.watch(lake.spark());
    executorWait = ExecutorWait.begin(lake, request.job(), stop);
  }

  /** The receipt of a run that ends with an exception; its stack shows frames of this class. */
  Receipt failed(Throwable thrown, String className) {
    SluiceException e =
        stop.ends()
            ? stop.reason()
            : Failures.classify(thrown, request.job(), book.phase(), book.outOfMemory());
    Status status =
        switch (e.exitCode()) {
          case TERMINATED -> Status.CANCELLED;
          case COMMIT_UNKNOWN -> Status.UNKNOWN;
          case GATE_REFUSED, BAD_INPUT -> Status.REFUSED;
          default -> Status.FAILED;
        };
    return book.ended(
        status, e.exitCode().value(), Optional.of(book.failure(e, thrown, className)));
  }

  /** Keeps a receipt, notes it in the audit log, and tells observers of what stands by now. */
  Receipt report(Receipt receipt, Optional<Lake> lake) {
    executorWait.run();
    book.keep(receipt, lake.map(Lake::hadoop), request.receipt());
    lake.ifPresent(open -> Audit.note(receipt, open, request.environment()));
    book.terminationMessage(receipt);
    observers.ended(receipt);
    return receipt;
  }
}
