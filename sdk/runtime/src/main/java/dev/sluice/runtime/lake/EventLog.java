package dev.sluice.runtime.lake;

import dev.sluice.runtime.spi.LakeConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * Spark's event log of a run, by which its pages can be looked at when it has ended.
 *
 * <p>Spark writes it on this machine; a thread of its own copies to its place what has been added,
 * every now and then and at the end. So no store can hold Spark up, and of a run that is killed all
 * but its last seconds is there.
 */
final class EventLog {
  private static final Duration EVERY = Duration.ofSeconds(15);

  /** The longest that a run waits for its copy; twice, before its receipt and after Spark. */
  private static final Duration DEADLINE = Duration.ofSeconds(8);

  /** What Spark puts before an application's id in the name of its log. */
  private static final String PREFIX = "eventlog_v2_";

  private final String folder;
  private final String application;
  private final Supplier<Configuration> hadoop;
  private final Optional<Duration> kept;
  private final Path local;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "event-log"));
  private volatile boolean given;
  private volatile boolean broken;

  // The thread's own: where it copies to, and how much of which file it has copied.
  private FileSystem files;
  private final Map<String, Long> copied = new HashMap<>();

  private EventLog(
      String folder,
      String application,
      Supplier<Configuration> hadoop,
      Optional<Duration> kept,
      Path local) {
    this.folder = folder;
    this.application = application;
    this.hadoop = hadoop;
    this.kept = kept;
    this.local = local;
  }

  /**
   * The log of a run, which has yet to begin; empty where the settings want none.
   *
   * @param application names the run: its id, which begins with its time
   */
  static Optional<EventLog> open(
      LakeConfig config, String warehouse, Supplier<Configuration> hadoop, String application) {
    String asked = config.sparkEventLog().replaceAll("/+$", "");
    boolean inLake = asked.equals("lake");
    // What fails in a task may name a value: that is not to lie open beside an encrypted table.
    if (asked.isEmpty() || asked.equals("none") || (inLake && !config.lakeKeys().isEmpty())) {
      return Optional.empty();
    }
    String folder = inLake ? warehouse + "/_sluice/events" : absolute(asked);
    Optional<Duration> kept =
        Optional.of(config.sparkEventLogKept()).filter(age -> inLake && !age.isZero());
    try {
      Path local = Files.createTempDirectory("sluice-events");
      return Optional.of(new EventLog(folder, application, hadoop, kept, local));
    } catch (IOException e) {
      warn(folder, reason(e));
      return Optional.empty();
    }
  }

  private static String absolute(String asked) {
    boolean isAddress = asked.contains(":/");
    return isAddress ? asked : "file://" + Path.of(asked).toAbsolutePath().normalize();
  }

  /** What Spark has to be told; its history knows the application by the run's own id. */
  Map<String, String> spark() {
    return Map.of(
        "spark.app.id",
        application,
        // Spark's only way to name a local application otherwise than by its millisecond, which
        // runs of one lake share.
        "spark.test.appId",
        application,
        "spark.eventLog.enabled",
        "true",
        "spark.eventLog.dir",
        local.toUri().toString(),
        "spark.eventLog.rolling.enabled",
        "true",
        "spark.eventLog.rolling.maxFileSize",
        "10m",
        "spark.eventLog.compress",
        "true",
        "spark.eventLog.compression.codec",
        "zstd");
  }

  /** Spark goes on: from here on it is copied. */
  void begin() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::attempt, EVERY.toSeconds(), EVERY.toSeconds(), TimeUnit.SECONDS);
    kept.ifPresent(age -> daemon(() -> removeOld(age), "event-log-retention").start());
  }

  /** Where the log lies, once something of it does; empty where it cannot be kept. */
  Optional<String> address() {
    copyNow();
    return given && !broken ? Optional.of(place()) : Optional.empty();
  }

  /** Copies the rest; Spark has ended. */
  void end() {
    copyNow();
    thread.shutdownNow();
    try (Stream<Path> files = Files.walk(local)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException | UncheckedIOException e) {
      System.getLogger(EventLog.class.getName()).log(System.Logger.Level.DEBUG, "events", e);
    }
  }

  private String place() {
    return folder + "/" + name();
  }

  /** As Spark names the folder of an application. */
  private String name() {
    return PREFIX + application.toLowerCase(Locale.ROOT);
  }

  private void copyNow() {
    if (broken) {
      return;
    }
    try {
      thread.submit(this::attempt).get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      fail("no answer within " + DEADLINE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("interrupted");
    } catch (Throwable e) { // no room for a thread, say: the receipt is to be written all the same
      fail(reason(e));
    }
  }

  private void attempt() {
    if (broken) {
      return;
    }
    try {
      copy();
    } catch (Throwable e) { // the client of a store may fail in any way
      fail(reason(e));
    }
  }

  private synchronized void fail(String reason) {
    if (!broken) {
      broken = true;
      warn(folder, reason);
    }
  }

  private static void warn(String folder, String reason) {
    System.err.printf(
        "Cannot keep Spark's event log in %s: %s. The run itself stands; give it another place by"
            + " spark.event-log, or none%n",
        folder, reason.replaceAll("[.\\s]+$", ""));
  }

  private static String reason(Throwable e) {
    String message = e.getMessage() == null ? "" : e.getMessage().lines().findFirst().orElse("");
    return e.getClass().getSimpleName() + (message.isEmpty() ? "" : ": " + message);
  }

  /** Copies each file that has grown, and forgets those that Spark has renamed. */
  private void copy() throws IOException {
    Path log = local.resolve(name());
    if (!Files.isDirectory(log)) {
      return; // a context of somebody else's, which keeps a log of its own or none
    }
    if (files == null) {
      files = new org.apache.hadoop.fs.Path(URI.create(folder)).getFileSystem(hadoop.get());
    }
    Set<String> gone = new HashSet<>(copied.keySet());
    for (Path part : parts(log)) {
      String name = part.getFileName().toString();
      gone.remove(name);
      try {
        long size = Files.size(part);
        if (!Long.valueOf(size).equals(copied.get(name))) {
          write(part);
          copied.put(name, size);
        }
      } catch (NoSuchFileException renamed) {
        gone.add(name); // Spark marks a log as complete by the name of a file
      }
    }
    gone.retainAll(copied.keySet());
    for (String name : gone) {
      files.delete(new org.apache.hadoop.fs.Path(place(), name), false);
      copied.remove(name);
    }
    given = true;
  }

  /** What Spark has written; the local file system adds checksums under hidden names. */
  private static List<Path> parts(Path log) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(log, "[!.]*")) {
      parts.forEach(found::add);
    }
    return found;
  }

  private void write(Path part) throws IOException {
    org.apache.hadoop.fs.Path target =
        new org.apache.hadoop.fs.Path(place(), part.getFileName().toString());
    try (OutputStream out = files.create(target, true)) {
      Files.copy(part, out);
    }
  }

  /** Removes the logs of runs that began before an age; other files in the folder are not ours. */
  private void removeOld(Duration age) {
    try {
      OldEventLogs.remove(folder, age, hadoop.get());
    } catch (IOException | RuntimeException e) {
      // Another run will: that there is too much of something is nothing to say of this one.
      System.getLogger(EventLog.class.getName()).log(System.Logger.Level.DEBUG, "retention", e);
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
