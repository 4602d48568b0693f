package dev.sluice.runtime.engine;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.RunKey;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.spi.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/**
 * A run that brings the catalog in line with the declaration of a job's table: a run like others,
 * with a run key, a receipt and a line in the audit log; idempotent.
 *
 * <p>For a table it needs neither the job's interval nor its settings, and starts no Spark.
 */
public final class RegistrationRun {
  private final RunRequest request;
  private final Job job;
  private final Progress progress;
  private final Stop stop;
  private final ReceiptBook book;
  private final Observers observers;
  private final Ending ending;

  /** A run for the table that a job writes. */
  public RegistrationRun(RunRequest request, Job job, Progress progress, Stop stop) {
    this.request = request;
    this.job = job;
    this.progress = progress;
    this.stop = stop;
    this.book = new ReceiptBook(name(job), request.environment());
    this.observers = new Observers(request);
    this.ending = new Ending(book, request, stop, observers);
  }

  /** What it is called where jobs have their names; no job can be called so. */
  public static String name(Job job) {
    return "register." + job.spec().name();
  }

  /** What a run would change now, one line each; changes nothing. */
  public static List<String> plan(RunRequest request, Job job) {
    Bound bound = bound(request, job);
    try (Lake lake = Lake.open(bound.settings().lake())) {
      List<String> changes = changes(target(bound, lake));
      changes.addAll(tend(bound, lake, true));
      return changes;
    }
  }

  /** Changes what is to be changed and answers its receipt, whatever happens; never throws. */
  public Receipt run() {
    Optional<Lake> lake = Optional.empty();
    try {
      enter(Phase.BIND);
      Bound bound = bound(request, job);
      RunKey key = new RunKey(name(job), bound.spec().target().name(), Optional.empty());
      book.bound(key, Optional.empty(), bound.settings().shown());
      observers.begin(bound.settings().lake());
      lake = Optional.of(Lake.open(bound.settings().lake()));
      book.place(ReceiptBook.folder(lake.get(), name(job)) + "/" + book.runId() + ".json");
      return ending.report(registered(bound, lake.get()), lake);
    } catch (Throwable e) {
      return ending.report(ending.failed(e, job.getClass().getName()), lake);
    } finally {
      lake.ifPresent(Lake::close);
    }
  }

  private Receipt registered(Bound bound, Lake lake) {
    enter(Phase.PLAN);
    Target target = target(bound, lake);
    book.target(target.kind(), bound.spec().target().name(), target.uri(), Optional.empty());
    List<String> changes = changes(target);
    enter(Phase.REGISTER);
    target.prepare();
    target.register();
    changes.addAll(tend(bound, lake, false));
    book.registered(changes);
    enter(Phase.REPORT);
    return book.ended(
        changes.isEmpty() ? Status.ALREADY_COMMITTED : Status.COMMITTED,
        ExitCode.COMMITTED.value(),
        Optional.empty());
  }

  private static List<String> changes(Target target) {
    List<String> changes = new ArrayList<>();
    target.changes().forEach(change -> changes.add(change.line()));
    changes.addAll(target.words());
    return changes;
  }

  /** Only a registration looks after what is no part of the entry: runs need no more calls. */
  private static List<String> tend(Bound bound, Lake lake, boolean only) {
    return bound
        .spec()
        .table()
        .map(table -> lake.catalogCall(() -> lake.files().tend(table, only)))
        .orElse(List.of());
  }

  private static Bound bound(RunRequest request, Job job) {
    return job.spec().table().isPresent()
        ? Bound.ofAnyInterval(request, job)
        : Bound.of(request, job);
  }

  /** A table is declared; what a sink holds only the job's own rows tell. */
  private static Target target(Bound bound, Lake lake) {
    return bound.spec().table().isPresent()
        ? Planner.target(bound, lake, new StructType())
        : Planner.plan(bound, lake, Suites.of(bound.spec().suite())).target();
  }

  private void enter(Phase phase) {
    observers.entered(book.enter(phase));
    progress.enter(phase);
    stop.check();
  }
}
