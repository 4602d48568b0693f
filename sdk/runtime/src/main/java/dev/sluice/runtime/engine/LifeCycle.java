package dev.sluice.runtime.engine;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.JobSpec;
import dev.sluice.model.JobSpec.Grain;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.Suite;
import dev.sluice.quality.Verdict;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.join.JoinNotes;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.Guard;
import dev.sluice.runtime.spi.LakeConfig;
import dev.sluice.runtime.spi.RunFacts;
import dev.sluice.runtime.spi.Staging;
import dev.sluice.runtime.spi.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
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
  private final Observers observers;
  private final Ending ending;

  /** A run of a job. */
  public LifeCycle(RunRequest request, Job job, Progress progress, Stop stop) {
    this(request, job, progress, stop, LastWords.ofProcess(request.environment()));
  }

  /** A run that leaves its last words to somebody else. */
  LifeCycle(RunRequest request, Job job, Progress progress, Stop stop, LastWords words) {
    this.request = request;
    this.job = job;
    this.spec = job.spec();
    this.progress = progress;
    this.stop = stop;
    this.book = new ReceiptBook(spec.name(), request.environment(), words);
    this.observers = new Observers(request);
    this.ending = new Ending(book, request, stop, observers);
  }

  /** Runs the job and answers its receipt, whatever happens; never throws. */
  public Receipt run() {
    return run(Lake::open, Lake::close);
  }

  /** The same in a lake that others have opened, and close. */
  Receipt runIn(Lake lake) {
    return run(settings -> lake, open -> {});
  }

  private Receipt run(Function<LakeConfig, Lake> opens, Consumer<Lake> closes) {
    Optional<Lake> lake = Optional.empty();
    try {
      enter(Phase.BIND);
      Bound bound = Bound.of(request, job);
      book.bound(bound.key(), bound.interval(), bound.settings().shown());
      observers.begin(bound.settings().lake());
      lake = Optional.of(opens.apply(bound.settings().lake()));
      lake.get().logEvents(book.runId());
      book.spark(lake.get()::sparkFacts);
      book.place(ReceiptBook.folder(lake.get(), spec.name()) + "/" + book.runId() + ".json");
      return ending.report(commit(bound, lake.get()), lake);
    } catch (Throwable e) {
      return ending.report(ending.failed(e, job.getClass().getName()), lake);
    } finally {
      lake.ifPresent(closes);
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
    Runs.requireRemembered(bound.key(), ledger.horizon());
    Suite suite = Suites.of(spec.suite());
    stop.attach(lake.spark());
    progress.watch(lake.spark());
    ending.watch(lake);
    observers.watch(lake.spark());
    Planner.Planned planned = Planner.plan(bound, lake, suite);
    Target target = planned.target();
    enter(Phase.READ);
    Inputs inputs = new Inputs(bound, lake, Repro.inputs(request, lake));
    Map<String, Dataset<Row>> frames = inputs.pin();
    book.inputs(inputs.pinned());
    if (lake.config().sparkShufflePartitions() == 0) {
      Shuffles.fit(lake.spark(), inputs.bytes()).ifPresent(progress::say);
    }

    enter(Phase.TRANSFORM);
    LiveRun run = new LiveRun(bound, lake.spark(), JoinNotes.ofRun(progress::say));
    Dataset<Row> made = Body.call(job, spec, frames, run);
    book.joins(run.joins().joins());
    book.lineage(
        LineageFacts.of(bound, lake, frames, made, planned.schema(), request.environment()));
    try (GatedWrite write = stage(made, bound, lake, planned, inputs)) {
      stop.check();
      enter(Phase.GATE);
      Verdict gate = write.decide();
      inputs.requireUnchanged();
      Receipt.Rows counted = count(write, inputs, run);
      book.rows(counted);
      Optional<QualityReport> report =
          spec.suite()
              .map(name -> QualityReport.of(bound, lake, suite, book.runId(), gate, counted));
      Verdict verdict = report.map(QualityReport::verdict).orElse(gate);
      report.ifPresent(told -> book.quality(told.facts()));
      RunFacts facts = new RunFacts(bound.key(), book.runId(), counted, Instant.now());
      if (verdict.decision() == Verdict.Decision.REFUSE) {
        write.keepRejected(facts);
        report.ifPresent(told -> told.page(book.place(), target.uri()));
        throw refused(verdict);
      }
      balanced(counted);
      Optional<Staging.Files> files = write.files();
      warn(FileSizes.warnings(files));

      enter(Phase.PUBLISH);
      stop.publishing();
      Commit commit = write.publish(facts);
      if (!commit.earlier()) {
        book.files(files);
        enter(Phase.REGISTER);
        target.register();
        report.ifPresent(told -> told.page(book.place(), target.uri()).remember());
      }
      return committed(commit);
    }
  }

  /** Reads, makes and stages the rows; what fails because a file was changed says so. */
  private GatedWrite stage(
      Dataset<Row> made, Bound bound, Lake lake, Planner.Planned planned, Inputs inputs) {
    try {
      return GatedWrite.stage(made, bound, book.runId(), lake, planned);
    } catch (Exception e) { // Scala throws checked ones undeclared
      if (!stop.ends()) {
        inputs.requireUnchangedAfter(e);
      }
      throw e;
    }
  }

  private Receipt.Rows count(GatedWrite write, Inputs inputs, LiveRun run) {
    boolean kept = spec.grain() == Grain.KEPT;
    return new Receipt.Rows(
        kept ? inputs.firstReadRows() : write.tally().rows(),
        write.written(),
        write.tally().quarantined(),
        kept ? run.filtered() : 0);
  }

  private void balanced(Receipt.Rows rows) {
    if (!rows.balanced() && Guard.BALANCE.holds()) {
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

  private void warn(List<String> warnings) {
    warnings.forEach(warning -> progress.say("warning: " + warning));
    book.warnings(warnings);
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

  private void enter(Phase phase) {
    observers.entered(book.enter(phase));
    progress.enter(phase);
    stop.check();
    CrashPoint.reached(phase, request.environment(), progress, stop);
    stop.check();
  }
}
