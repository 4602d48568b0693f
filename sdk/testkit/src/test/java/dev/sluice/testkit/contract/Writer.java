package dev.sluice.testkit.contract;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.LifeCycle;
import dev.sluice.runtime.engine.Progress;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Stop;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FailPoint.Action;
import dev.sluice.testkit.ChildJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A process that makes ten runs, each again until its work is done. Two of five fail somewhere, by
 * the seed; where one is killed, the process goes with it, and a new one takes up the work.
 */
final class Writer {
  static final int RUNS = 10;
  static final int ROWS = 5;

  /**
   * A run of the same work may succeed where it ended like this: unknown, conflict, bug, transient.
   */
  private static final Set<Integer> AGAIN = Set.of(5, 6, 70, 75);

  private static final int ATTEMPTS = 12;

  private final List<String> command = new ArrayList<>();
  private final Path log;
  private Process process;
  private int kills;

  Writer(Path folder, Job job, Optional<TestCatalog> catalog, int number, long seed) {
    List<String> options = new ArrayList<>(List.of("-Xmx700m"));
    Optional.ofNullable(System.getProperty(TestCatalog.FORK))
        .ifPresent(fork -> options.add("-D" + TestCatalog.FORK + "=" + fork));
    command.addAll(ChildJvm.command(Writer.class, options.toArray(String[]::new)));
    command.addAll(List.of(folder.toString(), job.getClass().getName()));
    command.addAll(List.of(Integer.toString(number), Long.toString(seed)));
    catalog.map(TestCatalog::name).ifPresent(command::add);
    log = folder.resolve("writer-" + number + ".log");
    begin();
  }

  private void begin() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it has more to do; a process that was killed is followed by another. */
  boolean goesOn() throws IOException {
    if (process.isAlive()) {
      return true;
    }
    switch (process.exitValue()) {
      case 0 -> {
        return false;
      }
      case FailPoint.KILLED -> {
        kills++;
        begin();
        return true;
      }
      default -> throw new AssertionError("A writer gave up:\n" + Files.readString(log));
    }
  }

  int kills() {
    return kills;
  }

  /** A day for each run of each writer: a month for a writer. */
  static String interval(int number, int run) {
    return String.format("2024-%02d-%02d/2024-%02d-%02d", number + 1, run + 1, number + 1, run + 2);
  }

  /** The process: {@code FOLDER JOB-CLASS NUMBER SEED [CATALOG]}. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    var constructor = Class.forName(args[1]).asSubclass(Job.class).getDeclaredConstructor();
    constructor.setAccessible(true);
    int number = Integer.parseInt(args[2]);
    Map<String, String> settings =
        settings(folder, Stream.of(args).skip(4).map(TestCatalog::valueOf).findFirst());
    for (int run = 0; run < RUNS; run++) {
      work(folder, settings, constructor.newInstance(), number, run, Long.parseLong(args[3]));
    }
    System.exit(0);
  }

  /** Where the table is. */
  static Map<String, String> settings(Path folder, Optional<TestCatalog> catalog) {
    Map<String, String> all =
        new LinkedHashMap<>(catalog.map(TestCatalog::settings).orElse(Map.of()));
    all.put("lake.warehouse", folder.resolve("lake").toUri().toString());
    return all;
  }

  private static void work(
      Path folder, Map<String, String> lake, Job job, int number, int run, long seed)
      throws IOException {
    Path inbox = Files.createDirectories(folder.resolve("inbox-" + number + "-" + run));
    Path attempts = inbox.resolve("attempts");
    Path done = inbox.resolve("done");
    for (int attempt = begun(attempts); !Files.exists(done); attempt++) {
      if (attempt == ATTEMPTS) {
        throw new IllegalStateException("run " + run + " has failed " + attempt + " times");
      }
      if (attempt == 0) {
        Files.write(inbox.resolve("orders.csv"), rows(number, run));
      }
      Files.writeString(attempts, "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      fate(new Random(seed * 7919 + number * 1009L + run * 31L + attempt));
      Receipt receipt = run(lake, inbox, job, interval(number, run));
      System.out.println(receipt.full());
      int exitCode = receipt.exitCode().orElseThrow();
      if (exitCode == 0) {
        Files.createFile(done);
      } else if (!AGAIN.contains(exitCode)) {
        throw new IllegalStateException("ended with " + exitCode);
      }
    }
  }

  private static int begun(Path attempts) throws IOException {
    return Files.exists(attempts) ? (int) Files.size(attempts) : 0;
  }

  private static void fate(Random random) {
    List<FailPoint> points =
        List.of(
            FailPoint.WRITING, FailPoint.STAGED, FailPoint.BEFORE_COMMIT, FailPoint.AFTER_COMMIT);
    FailPoint point = points.get(random.nextInt(points.size()));
    switch (random.nextInt(5)) {
      case 0 -> System.setProperty(FailPoint.PROPERTY, point.with(Action.HALT));
      case 1 -> System.setProperty(FailPoint.PROPERTY, point.with(Action.THROW));
      default -> System.clearProperty(FailPoint.PROPERTY);
    }
  }

  private static List<String> rows(int number, int run) {
    List<String> lines = new ArrayList<>(List.of(FormatContract.HEADER));
    IntStream.range(0, ROWS)
        .forEach(i -> lines.add((number * 1000 + run * 10 + i) + ",1.5,region-" + number));
    return lines;
  }

  static Receipt run(Map<String, String> lake, Path inbox, Job job, String interval) {
    Map<String, String> settings = new LinkedHashMap<>(lake);
    settings.put("spark.cores", "1,1");
    settings.put("spark.shuffle-partitions", "1");
    settings.put("inbox", inbox.toString());
    RunRequest request =
        new RunRequest(
            job.spec().name(),
            Optional.of(Interval.parse(interval)),
            settings,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of("SLUICE_TERMINATION_MESSAGE", inbox.resolve("receipt.json").toString()));
    try (Progress progress = Progress.onStandardError(Progress.Style.LINES, job.spec().name())) {
      return new LifeCycle(request, job, progress, new Stop()).run();
    }
  }
}
