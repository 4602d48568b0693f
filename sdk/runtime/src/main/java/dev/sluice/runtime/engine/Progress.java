package dev.sluice.runtime.engine;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;

/**
 * Tells people how far a run has come: phase, tasks, rows, bytes, elapsed time.
 *
 * <p>On a terminal one line that changes; elsewhere a line whenever there is something new, at most
 * every few seconds.
 */
public final class Progress extends SparkListener implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration EVERY_LIVE = Duration.ofMillis(500);

  private final PrintStream out;
  private final boolean live;
  private final String job;
  private final Instant start = Instant.now();
  private final AtomicLong tasksDone = new AtomicLong();
  private final AtomicLong tasksKnown = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Phase phase = Phase.BIND;
  private Optional<SparkContext> watched = Optional.empty();
  private String last = "";

  /** Where progress goes. */
  public enum Style {
    /** One line that changes. */
    LIVE,
    /** A line now and then. */
    LINES
  }

  /** Progress on standard error, which stays open. */
  public static Progress onStandardError(Style style, String job) {
    return new Progress(System.err, style, job);
  }

  /** Progress of one job's run. */
  public Progress(PrintStream out, Style style, String job) {
    this.out = out;
    this.live = style == Style.LIVE;
    this.job = job;
    long period = (live ? EVERY_LIVE : EVERY).toMillis();
    var unused = clock.scheduleAtFixedRate(this::tick, period, period, TimeUnit.MILLISECONDS);
  }

  void enter(Phase next) {
    phase = next;
    tick();
  }

  void watch(SparkSession spark) {
    watched = Optional.of(spark.sparkContext());
    spark.sparkContext().addSparkListener(this);
    if (spark.sparkContext().uiWebUrl().isDefined()) {
      say("Spark's pages: " + spark.sparkContext().uiWebUrl().get());
    }
  }

  /** A line for people, whatever the style. */
  synchronized void say(String line) {
    clear();
    out.println(job + ": " + line);
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted stage) {
    tasksKnown.addAndGet(stage.stageInfo().numTasks());
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    tasksDone.incrementAndGet();
    if (end.taskMetrics() != null) {
      rows.addAndGet(end.taskMetrics().inputMetrics().recordsRead());
      bytes.addAndGet(end.taskMetrics().inputMetrics().bytesRead());
    }
  }

  private synchronized void tick() {
    String state = state();
    if (state.equals(last) && !live) {
      return;
    }
    last = state;
    String line = job + ": " + state + " · " + elapsed();
    if (live) {
      out.print("\r\u001b[K" + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  private String state() {
    if (tasksKnown.get() == 0) {
      return phase.word();
    }
    return String.format(
        Locale.ROOT,
        "%s · tasks %d/%d · %,d rows read · %.1f MB",
        phase.word(),
        tasksDone.get(),
        tasksKnown.get(),
        rows.get(),
        bytes.get() / 1e6);
  }

  private String elapsed() {
    return Duration.between(start, Instant.now()).toSeconds() + " s";
  }

  private void clear() {
    if (live) {
      out.print("\r\u001b[K");
    }
  }

  @Override
  public synchronized void close() {
    clock.shutdownNow();
    watched.ifPresent(spark -> spark.removeSparkListener(this)); // it may go on with another run
    clear();
  }
}
