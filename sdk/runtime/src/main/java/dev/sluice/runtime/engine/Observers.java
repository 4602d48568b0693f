package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import dev.sluice.runtime.spi.Figure;
import dev.sluice.runtime.spi.LakeConfig;
import dev.sluice.runtime.spi.ObservedRun;
import dev.sluice.runtime.spi.RunObserver;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Lets observers look on at a run, and keeps the run from them: each has a thread of its own, what
 * one throws is said once, and all together hold the run's end for a few seconds at most.
 */
final class Observers {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final RunRequest request;
  private final List<ObserverThread> threads = new ArrayList<>();
  private final List<Entered> phases = new CopyOnWriteArrayList<>();
  private final Workers workers = new Workers();
  private Optional<SparkContext> watched = Optional.empty();
  private volatile Receipt latest;

  /** A phase that was entered. */
  private record Entered(String phase, Instant at) {}

  Observers(RunRequest request) {
    this.request = request;
  }

  /** Starts those that the settings or the environment ask for; waits for none of them. */
  void begin(LakeConfig config) {
    try {
      List<ServiceLoader.Provider<RunObserver>> installed =
          ServiceLoader.load(RunObserver.class).stream().toList();
      installed.forEach(each -> threads.add(new ObserverThread(each)));
      threads.forEach(each -> each.begin(config, request.environment(), this::now));
    } catch (Throwable e) { // a jar that names a class it has not, no room for a thread
      ObserverThread.warn("observers", e);
    }
  }

  /** Looks on at what Spark does. */
  void watch(SparkSession spark) {
    spark.sparkContext().addSparkListener(workers);
    watched = Optional.of(spark.sparkContext());
  }

  /** The run has entered a phase. */
  void entered(Receipt soFar) {
    latest = soFar;
    phases.add(new Entered(soFar.phase(), Instant.now()));
  }

  /** The run has ended: tells all, and waits for them within bounds. */
  void ended(Receipt receipt) {
    latest = receipt;
    watched.ifPresent(spark -> spark.removeSparkListener(workers)); // the session may outlive it
    try {
      tell(now());
    } catch (Throwable e) {
      ObserverThread.warn("observers", e);
    }
  }

  private void tell(ObservedRun run) {
    List<Future<?>> told = threads.stream().<Future<?>>map(each -> each.end(run)).toList();
    long deadline = System.nanoTime() + DEADLINE.toNanos();
    for (int i = 0; i < told.size(); i++) {
      await(told.get(i), threads.get(i), deadline);
    }
    threads.forEach(ObserverThread::close);
  }

  private static void await(Future<?> told, ObserverThread thread, long deadline) {
    try {
      told.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      thread.fail("no answer within " + DEADLINE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      thread.fail("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a thread of an observer throws nothing", e);
    }
  }

  private ObservedRun now() {
    Receipt receipt = latest;
    Instant now = receipt.timings().finishedAt().orElseGet(Instant::now);
    List<ObservedRun.Phase> entered = phases(receipt.timings().finishedAt());
    return new ObservedRun(
        receipt.job(),
        receipt.runId(),
        receipt.runKey(),
        receipt.interval(),
        receipt.target().map(Receipt.TargetFacts::name),
        environment(),
        receipt.timings().startedAt(),
        receipt.timings().finishedAt(),
        receipt.status(),
        receipt.error().map(Receipt.Failure::kind),
        entered,
        figures(receipt, entered, now));
  }

  /** The profile, or what agents of Datadog go by. */
  private Optional<String> environment() {
    return request.profile().or(() -> Optional.ofNullable(request.environment().get("DD_ENV")));
  }

  /** Executors are told apart while they are there: afterwards their number says nothing. */
  private List<Figure> figures(Receipt receipt, List<ObservedRun.Phase> entered, Instant now) {
    List<Figure> figures = new ArrayList<>(RunFigures.of(receipt, entered, now));
    figures.addAll(workers.together());
    if (receipt.exitCode().isEmpty()) {
      figures.addAll(workers.each());
    }
    return figures;
  }

  private List<ObservedRun.Phase> phases(Optional<Instant> end) {
    List<Entered> entered = List.copyOf(phases);
    List<ObservedRun.Phase> lasting = new ArrayList<>();
    for (int i = 0; i < entered.size(); i++) {
      boolean last = i + 1 == entered.size();
      Optional<Instant> until = last ? end : Optional.of(entered.get(i + 1).at());
      lasting.add(new ObservedRun.Phase(entered.get(i).phase(), entered.get(i).at(), until));
    }
    return lasting;
  }
}
