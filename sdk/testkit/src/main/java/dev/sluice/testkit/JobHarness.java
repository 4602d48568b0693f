package dev.sluice.testkit;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Jobs.Written;
import dev.sluice.runtime.engine.LifeCycle;
import dev.sluice.runtime.engine.MaintenanceRun;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RegistrationRun;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Stop;
import dev.sluice.runtime.spi.FailPoint;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A lake of its own for one test: a real catalog, real files and a real Spark, in a temporary
 * folder.
 *
 * <p>Given rows go in through the same life cycle that the job under test goes through.
 */
public final class JobHarness implements AutoCloseable {
  /** Two cores; a task that fails is tried again, as on a cluster; nobody looks on. */
  static final Map<String, String> SPARK =
      Map.of("spark.cores", "2,3", "spark.shuffle-partitions", "2", "spark.event-log", "none");

  private final Path folder;
  private final Optional<FailPoint> crash;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Optional<Interval> interval = Optional.empty();
  private Optional<String> inputs = Optional.empty();

  JobHarness() {
    this(Optional.empty());
  }

  JobHarness(Optional<FailPoint> crash) {
    this.crash = crash;
    try {
      folder = Files.createTempDirectory("sluice-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    environment.put("SLUICE_TERMINATION_MESSAGE", folder.resolve("receipt.json").toString());
  }

  /** The test's folder; files go here, and the lake lies in it. */
  public Path folder() {
    return folder;
  }

  /** Puts a text file into the test's folder. */
  public JobHarness file(String name, String... lines) {
    try {
      Files.write(folder.resolve(name), List.of(lines));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sets a setting for the job under test. */
  public JobHarness set(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /** Sets a variable that runs find in their environment. */
  JobHarness variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Sets the interval to run for: {@code START/END}. */
  public JobHarness interval(String text) {
    interval = Optional.of(Interval.parse(text));
    return this;
  }

  /** Lets the job under test read what an earlier run has read, and not what is there now. */
  public JobHarness inputsOf(JobResult earlier) {
    inputs = earlier.receipt().receiptUri();
    return this;
  }

  /**
   * Puts rows into a table.
   *
   * @param header names of columns, separated by commas; those left out are null
   * @param rows values in that order, separated by commas; an empty value is null
   */
  public JobHarness given(Table table, String header, String... rows) {
    String file = table.name() + ".csv";
    file(file, Stream.concat(Stream.of(header), Stream.of(rows)).toArray(String[]::new));
    String path = folder.resolve(file).toUri().toString();
    GivenRows giving = new GivenRows(table, path, header);
    Receipt receipt = run(giving, Optional.empty(), Map.of());
    if (crash.isPresent()) {
      run(giving, Optional.empty(), cleanLake());
    }
    if (receipt.status() != Receipt.Status.COMMITTED) {
      throw new IllegalArgumentException(
          "Cannot give rows to " + table.name() + ": " + receipt.error());
    }
    return this;
  }

  /** Runs the job and answers what came of it, good or bad. */
  public JobResult run(Job job) {
    crash.ifPresent(point -> crashes(job, point));
    Receipt receipt = run(job, interval, settings);
    JobResult result = new JobResult(this, job.spec(), receipt);
    crash.ifPresent(point -> sameAsClean(job, result));
    return result;
  }

  /** Starts a run of the job in a process of its own, in which something happens at a point. */
  public CrashedRun start(Job job, FailPoint at, FailPoint.Action action) {
    return CrashedRun.start(CrashedRun.Work.RUN, job, request(job), folder, at, action);
  }

  /** Keeps the table in order that the job writes, as it is declared. */
  public Receipt maintain(Job job) {
    try (Progress progress = silent(job)) {
      return new MaintenanceRun(maintenance(job), Written.of(job), progress, new Stop()).run();
    }
  }

  /** Starts the same in a process of its own, in which something happens at a point. */
  public CrashedRun startMaintenance(Job job, FailPoint at, FailPoint.Action action) {
    return CrashedRun.start(CrashedRun.Work.MAINTAIN, job, maintenance(job), folder, at, action);
  }

  /** What the maintenance of the table is asked with that the job writes. */
  public RunRequest maintenance(Job job) {
    String name = MaintenanceRun.name(job.spec().table().orElseThrow());
    return request(name, Optional.empty(), settings);
  }

  /** Brings the catalog in line with the declaration of the table that the job writes. */
  public Receipt register(Job job) {
    try (Progress progress = silent(job)) {
      return new RegistrationRun(request(job), job, progress, new Stop()).run();
    }
  }

  /** What that would change, one line each; changes nothing. */
  public List<String> planRegistration(Job job) {
    return RegistrationRun.plan(request(job), job);
  }

  private void crashes(Job job, FailPoint point) {
    CrashedRun crashed = start(job, point, FailPoint.Action.HALT);
    if (crashed.exitCode() != FailPoint.KILLED) {
      throw new AssertionError(
          "The run was to be killed at "
              + point.word()
              + ", and ended otherwise:\n"
              + crashed.printed());
    }
  }

  /** The table holds what one clean run in a lake of its own makes of the same inputs. */
  private void sameAsClean(Job job, JobResult result) {
    if (result.receipt().exitCode().orElse(-1) != 0) {
      return; // the test will say what it expects of that
    }
    Map<String, String> sets = new LinkedHashMap<>(settings);
    sets.putAll(cleanLake());
    run(job, interval, sets);
    Table table = job.spec().table().orElseThrow();
    List<String> columns = table.columnNames();
    List<String> clean =
        RowTexts.of(result.rows(cleanLake(), table), columns).stream().sorted().toList();
    List<String> found = RowTexts.of(result.rows(), columns).stream().sorted().toList();
    if (!clean.equals(found)) {
      throw new AssertionError(
          "After a crash the table holds other rows than after a clean run:\n  clean: "
              + clean
              + "\n  found: "
              + found);
    }
  }

  private Map<String, String> cleanLake() {
    return Map.of("lake.warehouse", folder.resolve("clean").toUri().toString());
  }

  /** The settings of the test's lake. */
  Map<String, String> lake() {
    Map<String, String> lake = new LinkedHashMap<>(SPARK);
    lake.put("lake.warehouse", folder.resolve("lake").toUri().toString());
    settings.forEach(
        (key, value) -> {
          if (key.startsWith("lake.") || key.startsWith("security.")) {
            lake.put(key, value);
          }
        });
    return lake;
  }

  /** The settings of the job under test. */
  Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** What a run of the job would be asked with now. */
  RunRequest request(Job job) {
    return request(job, interval, settings);
  }

  private Receipt run(Job job, Optional<Interval> forInterval, Map<String, String> sets) {
    try (Progress progress = silent(job)) {
      return new LifeCycle(request(job, forInterval, sets), job, progress, new Stop()).run();
    }
  }

  private static Progress silent(Job job) {
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    return new Progress(nowhere, Progress.Style.LINES, job.spec().name());
  }

  private RunRequest request(Job job, Optional<Interval> forInterval, Map<String, String> sets) {
    return request(job.spec().name(), forInterval, sets);
  }

  private RunRequest request(
      String name, Optional<Interval> forInterval, Map<String, String> sets) {
    Map<String, String> all = new LinkedHashMap<>(lake());
    all.putAll(sets);
    return new RunRequest(
        name,
        forInterval,
        all,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        inputs,
        Map.copyOf(environment));
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
