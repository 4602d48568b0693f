package dev.sluice.runtime.engine;

import dev.sluice.model.Interval;
import dev.sluice.model.Lineage;
import dev.sluice.model.ParentRun;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.ResourceUsage;
import dev.sluice.model.RunKey;
import dev.sluice.model.Sdk;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.spi.Staging;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Collects the facts of a run and writes them down: while it runs, and when it ends. */
final class ReceiptBook {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final String job;
  private final Map<String, String> environment;
  private final LastWords words;
  private final Instant started = Instant.now();
  private final String runId =
      ID.format(started) + "-" + UUID.randomUUID().toString().substring(0, 6);
  private final Map<Phase, Instant> entered = new EnumMap<>(Phase.class);
  private final Workload workload = new Workload();
  private Phase phase = Phase.BIND;
  private String runKey;
  private Optional<Interval> interval = Optional.empty();
  private Optional<Receipt.Range> range = Optional.empty();
  private Optional<Map<String, Long>> phasesOfParts = Optional.empty();
  private Optional<Receipt.TargetFacts> target = Optional.empty();
  private Optional<Receipt.Rows> rows = Optional.empty();
  private Optional<Receipt.Quality> quality = Optional.empty();
  private Optional<List<Receipt.Input>> inputs = Optional.empty();
  private Optional<Lineage> lineage = Optional.empty();
  private Optional<List<Receipt.Join>> joins = Optional.empty();
  private Optional<List<Receipt.MaintenanceStep>> maintenance = Optional.empty();
  private Optional<List<String>> registered = Optional.empty();
  private Optional<Map<String, String>> settings = Optional.empty();
  private Optional<Staging.Files> files = Optional.empty();
  private Optional<List<String>> warnings = Optional.empty();
  private Supplier<Optional<Receipt.SparkFacts>> spark = Optional::empty;
  private Optional<String> place = Optional.empty();

  ReceiptBook(String job, Map<String, String> environment) {
    this(job, environment, LastWords.ofProcess(environment));
  }

  ReceiptBook(String job, Map<String, String> environment, LastWords words) {
    this.job = job;
    this.environment = environment;
    this.words = words;
    this.runKey = job;
    entered.put(Phase.BIND, started);
  }

  /** Where the receipts of a job lie. */
  static String folder(Lake lake, String job) {
    return lake.warehouse() + "/_sluice/receipts/" + job;
  }

  String runId() {
    return runId;
  }

  Phase phase() {
    return phase;
  }

  void bound(RunKey key, Optional<Interval> forInterval, Map<String, String> shown) {
    runKey = key.toString();
    interval = forInterval;
    settings = Optional.of(shown);
  }

  /** From now on what tasks use is noted. */
  void watch(SparkSession spark) {
    workload.watch(spark);
  }

  /** Where the task was that ended the run because it ran out of memory. */
  Optional<OutOfMemory.Place> outOfMemory() {
    workload.settle();
    return workload.outOfMemory();
  }

  void range(Receipt.Range parts) {
    range = Optional.of(parts);
  }

  /** How long the phases of a range's parts took, instead of its own. */
  void phases(Map<String, Long> millis) {
    phasesOfParts = Optional.of(new LinkedHashMap<>(millis));
  }

  void inputs(List<Receipt.Input> pinned) {
    inputs = Optional.of(pinned);
  }

  void lineage(Lineage found) {
    lineage = Optional.of(found);
  }

  void joins(List<Receipt.Join> decided) {
    joins = Optional.of(decided).filter(some -> !some.isEmpty());
  }

  void maintenance(List<Receipt.MaintenanceStep> done) {
    maintenance = Optional.of(List.copyOf(done));
  }

  void registered(List<String> changes) {
    registered = Optional.of(List.copyOf(changes));
  }

  void target(String kind, String name, String uri, Optional<String> snapshotId) {
    target =
        Optional.of(
            new Receipt.TargetFacts(
                kind,
                name,
                uri,
                snapshotId,
                files.map(Staging.Files::count),
                files.map(Staging.Files::bytes)));
  }

  void files(Optional<Staging.Files> written) {
    files = written;
  }

  void warnings(List<String> said) {
    warnings = Optional.of(said).filter(some -> !some.isEmpty());
  }

  /** Whom to ask, at the end, for what Spark leaves of the run. */
  void spark(Supplier<Optional<Receipt.SparkFacts>> facts) {
    spark = facts;
  }

  Optional<String> place() {
    return place;
  }

  Optional<Receipt.TargetFacts> target() {
    return target;
  }

  void rows(Receipt.Rows counted) {
    rows = Optional.of(counted);
  }

  void quality(Receipt.Quality found) {
    quality = Optional.of(found);
  }

  /** Where the long form will lie. */
  void place(String uri) {
    place = Optional.of(uri);
  }

  /**
   * Notes the phase, and writes it where a killed container leaves it for others to read.
   *
   * @return the receipt so far
   */
  Receipt enter(Phase next) {
    phase = next;
    entered.put(next, Instant.now());
    Receipt soFar = receipt(Status.RUNNING, Optional.empty(), Optional.empty(), Optional.empty());
    words.soFar(soFar);
    return soFar;
  }

  Receipt ended(Status status, int exitCode, Optional<Receipt.Failure> error) {
    return receipt(status, Optional.of(exitCode), used(status), error);
  }

  /** Figures that cannot be had are missing, and the run stands. */
  private Optional<ResourceUsage> used(Status status) {
    try {
      workload.settle();
      return workload.used(status);
    } catch (RuntimeException e) {
      System.getLogger(ReceiptBook.class.getName()).log(System.Logger.Level.DEBUG, "figures", e);
      return Optional.empty();
    }
  }

  private Receipt receipt(
      Status status,
      Optional<Integer> exitCode,
      Optional<ResourceUsage> resources,
      Optional<Receipt.Failure> error) {
    Instant now = Instant.now();
    boolean ended = exitCode.isPresent();
    return new Receipt(
        Receipt.VERSION,
        Sdk.version(),
        job,
        Optional.ofNullable(environment.get("SLUICE_RUN_TOKEN")),
        runId,
        range.map(parts -> runKey + "/" + parts.each()).orElse(runKey),
        status,
        phase.word(),
        exitCode,
        interval,
        range,
        target,
        rows,
        quality,
        inputs,
        lineage,
        joins,
        ParentRun.of(environment),
        maintenance,
        registered,
        MemoryFacts.now(),
        resources,
        new Receipt.Timings(
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()),
            started,
            ended ? Optional.of(now) : Optional.empty(),
            ended ? Optional.of(Duration.between(started, now).toMillis()) : Optional.empty(),
            ended ? phasesOfParts.or(() -> Optional.of(phases(now))) : Optional.empty()),
        warnings,
        error,
        settings,
        ended ? spark.get() : Optional.empty(),
        place);
  }

  private Map<String, Long> phases(Instant now) {
    Map<String, Long> millis = new LinkedHashMap<>();
    Phase before = null;
    for (Map.Entry<Phase, Instant> entry : entered.entrySet()) {
      if (before != null) {
        millis.put(
            before.word(), Duration.between(entered.get(before), entry.getValue()).toMillis());
      }
      before = entry.getKey();
    }
    millis.put(before.word(), Duration.between(entered.get(before), now).toMillis());
    return millis;
  }

  /** Leaves the last words, which are the short form; never fails the run. */
  void terminationMessage(Receipt receipt) {
    words.ended(receipt);
  }

  /** Writes the long form to its place in the lake and to a further place; never fails the run. */
  void keep(Receipt receipt, Optional<Configuration> hadoop, Optional<String> copy) {
    Configuration configuration = hadoop.orElseGet(Lake::hadoopWithoutLake);
    place.ifPresent(uri -> write(uri, receipt.full(), configuration));
    copy.ifPresent(uri -> write(uri, receipt.full(), configuration));
  }

  private static void write(String uri, String text, Configuration hadoop) {
    try {
      Documents.write(uri, text, hadoop);
    } catch (IOException | RuntimeException e) {
      System.err.println(
          "Cannot write the receipt to " + uri + ": " + e.getMessage() + ". The run itself stands");
    }
  }

  /** The error part of a receipt. */
  Receipt.Failure failure(SluiceException e, Throwable thrown, String jobClass) {
    return new Receipt.Failure(
        e.kind(), phase.word(), e.getMessage(), e.retryable(), Failures.stack(thrown, jobClass));
  }
}
