package dev.sluice.model;

import dev.sluice.model.Lineage.How;
import dev.sluice.model.Receipt.FailedExpectation;
import dev.sluice.model.Receipt.Failure;
import dev.sluice.model.Receipt.Input;
import dev.sluice.model.Receipt.Join;
import dev.sluice.model.Receipt.Memory;
import dev.sluice.model.Receipt.Part;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.Receipt.Quality;
import dev.sluice.model.Receipt.Range;
import dev.sluice.model.Receipt.Rows;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Receipt.TargetFacts;
import dev.sluice.model.Receipt.Timings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Receipts as runs write them, one for each way to end. */
final class Receipts {
  private static final Interval JANUARY = Interval.parse("2013-01-01/2013-02-01");
  private static final RunKey KEY =
      new RunKey("clean-departures", "flights.departures", Optional.of(JANUARY));
  private static final Instant STARTED = Instant.parse("2026-11-23T23:15:00Z");

  private Receipts() {}

  /** The receipt of a run that ended, or stands, like this. */
  static Receipt of(Status status) {
    return switch (status) {
      case RUNNING -> receipt(status, "read", Optional.empty(), Optional.empty(), Optional.empty());
      case COMMITTED ->
          receipt(status, "report", Optional.of(0), Optional.of(quality(1)), Optional.empty());
      case ALREADY_COMMITTED ->
          receipt(status, "report", Optional.of(0), Optional.empty(), Optional.empty());
      case REFUSED ->
          receipt(
              status,
              "gate",
              Optional.of(3),
              Optional.of(quality(2)),
              Optional.of(failure(ErrorKind.CONTRACT, "Cannot publish flights.departures: …")));
      case FAILED -> failed(failure(ErrorKind.BUG, "Cannot run the transform: it threw"));
      case CANCELLED ->
          receipt(
              status,
              "gate",
              Optional.of(143),
              Optional.empty(),
              Optional.of(failure(ErrorKind.INFRA, "Cannot go on: asked to stop")));
      case UNKNOWN ->
          receipt(
              status,
              "publish",
              Optional.of(5),
              Optional.of(quality(0)),
              Optional.of(failure(ErrorKind.INFRA, "Cannot tell whether the commit happened")));
    };
  }

  /** The receipt of a run that failed like this. */
  static Receipt failed(Failure failure) {
    return receipt(
        Status.FAILED, "transform", Optional.of(70), Optional.empty(), Optional.of(failure));
  }

  /** The receipt of a run that was refused, with so many expectations that do not hold. */
  static Receipt refused(int unsuccessful, String message) {
    return receipt(
        Status.REFUSED,
        "gate",
        Optional.of(3),
        Optional.of(quality(unsuccessful)),
        Optional.of(failure(ErrorKind.CONTRACT, message)));
  }

  /** The receipt of five days, one for each way in which a part can stand. */
  static Receipt range() {
    Failure unreachable =
        new Failure(
            ErrorKind.INFRA,
            "plan",
            "Cannot finish clean-departures for each day of 2013-01-01/2013-01-06: 2 of 5 parts"
                + " are committed (failed: 2, not run: 1). Settle what it says of"
                + " 2013-01-04/2013-01-05 and run it again, which does what is left. Cannot reach"
                + " catalog glue: timeout. Check the network, then run again",
            true,
            List.of());
    List<Part> parts =
        List.of(
            part(0, Status.COMMITTED, 0, Optional.empty()),
            part(1, Status.ALREADY_COMMITTED, 0, Optional.empty()),
            part(2, Status.REFUSED, 3, Optional.of("Cannot publish flights.departures: …")),
            part(3, Status.FAILED, 75, Optional.of("Cannot reach catalog glue: timeout. …")),
            Part.notRun(day(4)));
    return receipt(
        Status.FAILED,
        "report",
        Optional.of(75),
        Optional.of(new Range("day", 5, 1, 1, 2, 1, Optional.empty(), parts)),
        Optional.empty(),
        Optional.of(unreachable));
  }

  /** The receipt of a thousand parts, all of which have failed with this message. */
  static Receipt thousandParts(String message) {
    List<Part> parts =
        IntStream.range(0, 1000)
            .mapToObj(i -> part(i, Status.REFUSED, 3, Optional.of(message)))
            .toList();
    return receipt(
        Status.REFUSED,
        "report",
        Optional.of(3),
        Optional.of(new Range("day", 1000, 0, 0, 1000, 0, Optional.of(day(1000)), parts)),
        Optional.empty(),
        Optional.of(failure(ErrorKind.CONTRACT, message)));
  }

  private static Interval whole(Range range) {
    List<Part> parts = range.runs();
    return new Interval(
        parts.get(0).interval().start(), parts.get(parts.size() - 1).interval().end());
  }

  private static Rows sum(Range range) {
    return range.runs().stream()
        .flatMap(part -> part.rows().stream())
        .reduce(new Rows(0, 0, 0, 0), Rows::plus);
  }

  private static Part part(int day, Status status, int exitCode, Optional<String> error) {
    String runId = String.format("20261123T2315%02dZ-1a2b3c", day % 60);
    return new Part(
        day(day),
        Optional.of(runId),
        Optional.of(status),
        Optional.of(exitCode),
        error.isEmpty() ? Optional.of(new Rows(900, 880, 20, 0)) : Optional.empty(),
        Optional.of(1_234L),
        Optional.of("s3://lake/_sluice/receipts/clean-departures/" + runId + ".json"),
        error);
  }

  private static Interval day(int number) {
    Instant start = JANUARY.start().plus(number, ChronoUnit.DAYS);
    return new Interval(start, start.plus(1, ChronoUnit.DAYS));
  }

  static Failure failure(ErrorKind kind, String message) {
    List<String> stack =
        IntStream.rangeClosed(1, 12)
            .mapToObj(line -> "dev.sluice.jobs.flights.CleanDepartures.transform:" + line)
            .toList();
    String phase = kind == ErrorKind.CONTRACT ? "gate" : "transform";
    return new Failure(kind, phase, message, kind.retryable(), stack);
  }

  private static Quality quality(int unsuccessful) {
    List<FailedExpectation> failed =
        IntStream.rangeClosed(1, unsuccessful)
            .mapToObj(
                i ->
                    new FailedExpectation(
                        "column_values_to_not_be_null.a_column_with_quite_a_long_name_" + i,
                        "expect_column_values_to_not_be_null",
                        521L))
            .toList();
    Map<String, Object> validation = new LinkedHashMap<>();
    validation.put("success", unsuccessful == 0);
    validation.put("id", null);
    return new Quality(
        "departures",
        unsuccessful == 0,
        unsuccessful < 2 ? "PUBLISH" : "REFUSE",
        unsuccessful < 2 ? Optional.empty() : Optional.of("dep-delay fails in 521 rows (7.00 %)"),
        60,
        unsuccessful,
        failed,
        Optional.of(
            "s3://lake/warehouse/_sluice/pages/clean-departures/20130201T000500Z-1a2b3c.html"),
        Optional.of(validation));
  }

  private static Receipt receipt(
      Status status,
      String phase,
      Optional<Integer> exitCode,
      Optional<Quality> quality,
      Optional<Failure> error) {
    return receipt(status, phase, exitCode, Optional.empty(), quality, error);
  }

  private static Receipt receipt(
      Status status,
      String phase,
      Optional<Integer> exitCode,
      Optional<Range> range,
      Optional<Quality> quality,
      Optional<Failure> error) {
    boolean running = status == Status.RUNNING;
    Interval interval = range.map(Receipts::whole).orElse(JANUARY);
    RunKey key = new RunKey(KEY.job(), KEY.target(), Optional.of(interval));
    return new Receipt(
        Receipt.VERSION,
        "0.0.0",
        KEY.job(),
        Optional.of("token-1"),
        "20261123T231500Z-1a2b3c",
        key + range.map(parts -> "/" + parts.each()).orElse(""),
        status,
        phase,
        exitCode,
        Optional.of(interval),
        range,
        Optional.of(
            new TargetFacts(
                "table",
                KEY.target(),
                "s3://lake/flights/departures",
                exitCode.filter(code -> code == 0).map(code -> "8123456789012345678"),
                running ? Optional.empty() : Optional.of(31L),
                running ? Optional.empty() : Optional.of(1_234_567L))),
        running
            ? Optional.empty()
            : Optional.of(range.map(Receipts::sum).orElse(new Rows(27_004, 26_483, 521, 0))),
        quality,
        running ? Optional.empty() : Optional.of(List.of(table(), csv())),
        running ? Optional.empty() : Optional.of(lineage()),
        running ? Optional.empty() : Optional.of(List.of(join())),
        ParentRun.of(
            Map.of(
                ParentRun.VARIABLE, "airflow/flights.clean-departures/0198-task",
                ParentRun.ROOT_VARIABLE, "airflow/flights/0198-dag")),
        Optional.empty(),
        Optional.empty(),
        new Memory(Optional.of(2_147_483_648L), 1_288_490_188L, 734_003_200L),
        running ? Optional.empty() : Optional.of(used()),
        new Timings(
            STARTED.minusSeconds(2),
            STARTED,
            running ? Optional.empty() : Optional.of(STARTED.plusMillis(12_345)),
            running ? Optional.empty() : Optional.of(12_345L),
            running ? Optional.empty() : Optional.of(phases())),
        running
            ? Optional.empty()
            : Optional.of(List.of("31 files of 38.9 KiB on average were written")),
        error,
        Optional.of(settings()),
        running ? Optional.empty() : Optional.of(spark()),
        Optional.of(
            String.format(
                "s3://lake/_sluice/%s/clean-departures/20261123T231500Z-1a2b3c.json",
                range.isPresent() ? "ranges" : "receipts")));
  }

  private static ResourceUsage used() {
    ResourceUsage.Tasks tasks =
        new ResourceUsage.Tasks(
            9,
            1,
            41_000,
            0.031,
            1_288_490_188L,
            322_122_547L,
            201_326_592L,
            77_000_000L,
            52_000L,
            52_000L);
    return new ResourceUsage(
        new ResourceUsage.Driver(
            Optional.of(2_147_483_648L),
            1_288_490_188L,
            901_775_360L,
            Optional.of(1_181_116_006L),
            0.018),
        Optional.of(
            new ResourceUsage.Executors(
                2, Optional.of(1_073_741_824L), 643_825_664L, Optional.of(601_882_624L))),
        tasks,
        List.of(
            new ResourceUsage.Stage(
                3, 0, "save at GatedWrite.java:88", tasks, 9_000, 4_000, Optional.of(2.3))),
        List.of(
            "spilled 1.2 GiB from memory to disk: more memory for executors, such as 2Gi, spares that"));
  }

  private static Lineage lineage() {
    Lineage.Field delay = new Lineage.Field("dep_delay", "int", Optional.of("in minutes"));
    Lineage.Origin same = new Lineage.Origin("flights", "dep_delay", List.of(How.IDENTITY));
    Lineage.Origin met = new Lineage.Origin("airlines", "carrier", List.of(How.JOIN));
    return new Lineage(
        new Lineage.Catalog(
            "glue",
            "eu-west-1",
            "s3://lake",
            Optional.of("eu-west-1"),
            Optional.of("123456789012")),
        List.of(
            new Lineage.Dataset(
                "flights", Optional.of("flights.flights"), "iceberg", List.of(delay)),
            new Lineage.Dataset("airlines", Optional.empty(), "csv", List.of())),
        new Lineage.Dataset(KEY.target(), Optional.of(KEY.target()), "iceberg", List.of(delay)),
        Optional.of(Map.of("dep_delay", List.of(same))),
        Optional.of(List.of(met)),
        Optional.empty());
  }

  private static Join join() {
    return new Join(
        List.of("carrier"),
        "left",
        "salted",
        "the hottest key has 61.3 % of the left side: its rows are spread over 8 parts",
        Optional.of(2),
        Optional.of(0.613));
  }

  private static Input table() {
    return new Input(
        "flights",
        "s3://lake/flights/flights",
        Optional.of("7000000000000000001"),
        Optional.empty(),
        Optional.of(27_004L));
  }

  private static Input csv() {
    PinnedFile file =
        new PinnedFile(
            "s3://raw/airlines.csv",
            443,
            Instant.parse("2026-01-01T00:00:00Z"),
            Optional.of("9b2cf535f27731c974343645a3985328"));
    return new Input(
        "airlines",
        "s3://raw/airlines.csv",
        Optional.empty(),
        Optional.of(List.of(file)),
        Optional.empty());
  }

  private static Receipt.SparkFacts spark() {
    String id = "20261123T231500Z-1a2b3c";
    return new Receipt.SparkFacts(
        id, Optional.of("s3://lake/_sluice/events/eventlog_v2_" + id.toLowerCase(Locale.ROOT)));
  }

  private static Map<String, Long> phases() {
    Map<String, Long> phases = new LinkedHashMap<>();
    phases.put("bind", 12L);
    phases.put("transform", 9_000L);
    return phases;
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("raw", "s3://raw");
    settings.put("jdbc-password", "***");
    return settings;
  }
}
