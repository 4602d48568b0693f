package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.JobSpec;
import dev.sluice.model.JobSpec.Grain;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.Gate;
import dev.sluice.quality.Staged;
import dev.sluice.quality.Suite;
import dev.sluice.quality.SuitePlan;
import dev.sluice.quality.Tally;
import dev.sluice.quality.Verdict;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.Quarantine;
import dev.sluice.runtime.route.NoStaging;
import dev.sluice.runtime.route.Route;
import dev.sluice.runtime.route.RowLayout;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** One run from request to receipt; the only place that knows the order of the phases. */
public final class LifeCycle {
  private final RunRequest request;
  private final Job job;
  private final JobSpec spec;
  private final Progress progress;
  private final Stop stop;
  private final ReceiptBook book;

  /** A run of a job. */
  public LifeCycle(RunRequest request, Job job, Progress progress, Stop stop) {
    this.request = request;
    this.job = job;
    this.spec = job.spec();
    this.progress = progress;
    this.stop = stop;
    this.book = new ReceiptBook(spec.name(), request.environment());
  }

  /** Runs the job and answers its receipt, whatever happens; never throws. */
  public Receipt run() {
    Optional<Lake> lake = Optional.empty();
    try {
      enter(Phase.BIND);
      Bound bound = Bound.of(request, job);
      book.bound(bound.key(), bound.interval(), bound.settings().shown());
      lake = Optional.of(Lake.open(bound.settings().lake()));
      book.place(
          String.format(
              "%s/_sluice/receipts/%s/%s.json", lake.get().warehouse(), spec.name(), book.runId()));
      return report(commit(bound, lake.get()), lake.get());
    } catch (Throwable e) {
      return report(failed(e), lake);
    } finally {
      lake.ifPresent(Lake::close);
    }
  }

  private Receipt commit(Bound bound, Lake lake) {
    enter(Phase.PLAN);
    // The ledger first: work that is done needs no Spark to say so.
    Target ledger = Planner.target(bound, lake, new StructType());
    book.target(ledger.kind(), spec.target().name(), ledger.uri(), Optional.empty());
    Optional<Commit> earlier = ledger.find(bound.key());
    if (earlier.isPresent()) {
      return committed(earlier.get());
    }
    Suite suite = Suites.of(spec.suite());
    stop.attach(lake.spark());
    progress.watch(lake.spark());
    Planner.Planned planned = Planner.plan(bound, lake, suite);
    Target target = planned.target();
    enter(Phase.READ);
    Inputs inputs = new Inputs(bound, lake);
    Map<String, Dataset<Row>> frames = inputs.pin();
    book.inputs(inputs.pinned());

    enter(Phase.TRANSFORM);
    LiveRun run = new LiveRun(bound, lake.spark());
    Dataset<Row> made = Body.call(job, spec, frames, run);
    target.prepare();
    Staging good = target.stage(bound.key(), book.runId(), planned.schema());
    Optional<Quarantine> quarantine = quarantine(lake, planned.suite());
    Staging bad = quarantine.map(q -> q.stage(bound.key(), book.runId())).orElseGet(NoStaging::new);
    RowLayout layout =
        new RowLayout(
            planned.schema(),
            planned.suite().words(),
            Arrays.stream(planned.suite().quarantineMask()).boxed().toList(),
            planned.suite().reasonIds());
    boolean published = false;
    try {
      Dataset<Row> rows = new Output(spec).laidOut(made, planned.suite());
      Tally tally = Route.stage(rows, layout, good, bad, bound.key().toString());
      stop.check();

      enter(Phase.GATE);
      Receipt.Rows counted = count(tally, good, inputs, run);
      book.rows(counted);
      Verdict verdict = decide(suite, planned, tally, good, bad, lake);
      RunFacts facts = new RunFacts(bound.key(), book.runId(), counted, Instant.now());
      if (verdict.decision() == Verdict.Decision.REFUSE) {
        bad.publish(facts); // what was wrong is worth keeping, though nothing is published
        throw refused(verdict);
      }
      balanced(counted);

      enter(Phase.PUBLISH);
      stop.publishing();
      published = true;
      bad.publish(facts);
      Commit commit = good.publish(facts);

      if (!commit.earlier()) {
        enter(Phase.REGISTER);
        target.register();
      }
      return committed(commit);
    } finally {
      if (!published) {
        discard(good);
        discard(bad);
      }
    }
  }

  private Optional<Quarantine> quarantine(Lake lake, SuitePlan suite) {
    boolean canReject =
        Arrays.stream(suite.quarantineMask()).anyMatch(word -> word != 0)
            || Planner.readsUnreadable(spec);
    return canReject ? spec.table().map(lake::quarantine) : Optional.empty();
  }

  private Receipt.Rows count(Tally tally, Staging good, Inputs inputs, LiveRun run) {
    boolean kept = spec.grain() == Grain.KEPT;
    return new Receipt.Rows(
        kept ? inputs.firstReadRows() : tally.rows(),
        good.rowCount(),
        tally.quarantined(),
        kept ? run.filtered() : 0);
  }

  private void balanced(Receipt.Rows rows) {
    if (!rows.balanced()) {
      throw SluiceException.contract(
          "Cannot publish %s: %d rows of '%s' were read, but %d written + %d quarantined + %d"
              + " filtered are %d. Drop rows through run.filter(…), keep joins from repeating them,"
              + " or declare .changesGrain()",
          spec.target().name(),
          rows.read(),
          spec.reads().get(0).name(),
          rows.written(),
          rows.quarantined(),
          rows.filtered(),
          rows.written() + rows.quarantined() + rows.filtered());
    }
  }

  private Verdict decide(
      Suite suite, Planner.Planned planned, Tally tally, Staging good, Staging bad, Lake lake) {
    StructType schema = planned.schema();
    Dataset<Row> rows =
        good.rows(lake.spark())
            .orElseGet(() -> lake.spark().createDataFrame(List.of(), schema))
            .unionByName(
                bad.rows(lake.spark())
                    .map(rejected -> readable(rejected, schema))
                    .orElseGet(() -> lake.spark().createDataFrame(List.of(), schema)));
    Verdict verdict = Gate.decide(suite, tally, Staged.answer(planned.suite(), tally, rows));
    spec.suite().ifPresent(name -> book.quality(QualityFacts.of(suite, verdict, book.runId())));
    return verdict;
  }

  /** The rejected rows that had values at all, with the columns of the target. */
  private static Dataset<Row> readable(Dataset<Row> rejected, StructType schema) {
    return rejected
        .where(org.apache.spark.sql.functions.col(RowLayout.RAW).isNull())
        .select(
            Arrays.stream(schema.fieldNames())
                .map(name -> org.apache.spark.sql.functions.col("`" + name + "`"))
                .toArray(org.apache.spark.sql.Column[]::new));
  }

  private SluiceException refused(Verdict verdict) {
    ErrorKind kind = verdict.badInput() ? ErrorKind.DATA : ErrorKind.CONTRACT;
    return new SluiceException(
        kind,
        String.format(
            "Cannot publish %s: %s. Nothing was published; look at %s_quarantine and the receipt,"
                + " then correct the input or the suite",
            spec.target().name(), verdict.rule().orElse("refused"), spec.target().name()));
  }

  private Receipt committed(Commit commit) {
    enter(Phase.REPORT);
    book.rows(commit.entry().rows());
    Receipt.TargetFacts target = book.target().orElseThrow();
    book.target(target.kind(), target.name(), target.uri(), commit.snapshotId());
    Status status = commit.earlier() ? Status.ALREADY_COMMITTED : Status.COMMITTED;
    return book.ended(status, ExitCode.COMMITTED.value(), Optional.empty());
  }

  private Receipt failed(Throwable thrown) {
    SluiceException e =
        stop.ends() ? Stop.stopped() : Failures.classify(thrown, spec.name(), book.phase());
    Status status =
        switch (e.exitCode()) {
          case TERMINATED -> Status.CANCELLED;
          case COMMIT_UNKNOWN -> Status.UNKNOWN;
          case GATE_REFUSED, BAD_INPUT -> Status.REFUSED;
          default -> Status.FAILED;
        };
    Receipt.Failure failure = book.failure(e, thrown, job.getClass().getName());
    return book.ended(status, e.exitCode().value(), Optional.of(failure));
  }

  private Receipt report(Receipt receipt, Lake lake) {
    return report(receipt, Optional.of(lake));
  }

  private Receipt report(Receipt receipt, Optional<Lake> lake) {
    book.keep(receipt, lake.map(Lake::hadoop), request.receipt());
    book.terminationMessage(receipt);
    return receipt;
  }

  private static void discard(Staging staging) {
    try {
      staging.discard();
    } catch (RuntimeException e) {
      // The run has failed already and says why; what is left behind is visible to nobody.
      System.getLogger(LifeCycle.class.getName()).log(System.Logger.Level.DEBUG, "discard", e);
    }
  }

  private void enter(Phase phase) {
    book.enter(phase);
    progress.enter(phase);
    stop.check();
    CrashPoint.reached(phase, request.environment(), progress, stop);
    stop.check();
  }
}
