package dev.sluice.testkit;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Jobs.Written;
import dev.sluice.runtime.engine.LifeCycle;
import dev.sluice.runtime.engine.MaintenanceRun;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Stop;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FailPoint.Action;
import dev.sluice.runtime.spi.Guard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A run in a process of its own, in which something happens at a point. */
public final class CrashedRun {
  private final Process process;
  private final Path log;
  private final Path goOn;

  private CrashedRun(Process process, Path log, Path goOn) {
    this.process = process;
    this.log = log;
    this.goOn = goOn;
  }

  /** What is done in the process. */
  enum Work {
    /** The job runs. */
    RUN,
    /** The table that the job writes is maintained. */
    MAINTAIN
  }

  /** Starts it; the job's class needs a constructor without parameters. */
  static CrashedRun start(
      Work work, Job job, RunRequest request, Path folder, FailPoint at, Action action) {
    try {
      Path log = Files.createTempFile(folder, "crashed", ".log");
      Path goOn = log.resolveSibling(log.getFileName() + ".go-on");
      List<String> options = new ArrayList<>();
      options.add("-D" + FailPoint.PROPERTY + "=" + at.with(action));
      options.add("-D" + FailPoint.UNTIL + "=" + goOn);
      Optional.ofNullable(System.getProperty(Guard.PROPERTY))
          .ifPresent(off -> options.add("-D" + Guard.PROPERTY + "=" + off));
      List<String> command = ChildJvm.command(CrashedRun.class, options.toArray(String[]::new));
      command.add(work.name());
      command.add(job.getClass().getName());
      command.add(request.interval().map(Interval::toString).orElse(""));
      request.sets().forEach((key, value) -> command.add(key + "=" + value));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new CrashedRun(process, log, goOn);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns once the run waits at its point. */
  public CrashedRun awaitPoint() {
    Path reached = Path.of(goOn + FailPoint.REACHED);
    while (!Files.exists(reached)) {
      if (!process.isAlive()) {
        throw new AssertionError("The run ended before its point:\n" + printed());
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    return this;
  }

  /** Lets a run that waits go on. */
  public CrashedRun goOn() {
    try {
      Files.createFile(goOn);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it has not ended yet. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end, and answers its exit code. */
  public int exitCode() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IllegalStateException("interrupted while a run was going on", e);
    }
  }

  /** What it printed, its receipt last. */
  public String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process: {@code WORK JOB-CLASS INTERVAL KEY=VALUE…}. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Map<String, String> sets = new LinkedHashMap<>();
    for (String set : List.of(args).subList(3, args.length)) {
      int equals = set.indexOf('=');
      sets.put(set.substring(0, equals), set.substring(equals + 1));
    }
    Job job = made(args[1]);
    boolean runs = Work.valueOf(args[0]) == Work.RUN;
    String name = runs ? job.spec().name() : MaintenanceRun.name(job.spec().table().orElseThrow());
    RunRequest request =
        new RunRequest(
            name,
            Optional.of(args[2]).filter(text -> !text.isEmpty()).map(Interval::parse),
            sets,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of("SLUICE_TERMINATION_MESSAGE", System.getProperty(FailPoint.UNTIL) + ".json"));
    try (Progress progress = Progress.onStandardError(Progress.Style.LINES, name)) {
      Receipt receipt =
          runs
              ? new LifeCycle(request, job, progress, new Stop()).run()
              : new MaintenanceRun(request, Written.of(job), progress, new Stop()).run();
      System.out.println(receipt.full());
      System.exit(receipt.exitCode().orElseThrow());
    }
  }

  private static Job made(String name) throws ReflectiveOperationException {
    try {
      var constructor = Class.forName(name).asSubclass(Job.class).getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (NoSuchMethodException e) {
      throw SluiceException.config(
          "Cannot crash job %s: its class has no constructor without parameters. Add one", name);
    }
  }
}
