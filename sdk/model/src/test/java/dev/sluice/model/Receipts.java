package dev.sluice.model;

import dev.sluice.model.Lineage.How;
import dev.sluice.model.Receipt.FailedExpectation;
import dev.sluice.model.Receipt.Failure;
import dev.sluice.model.Receipt.Input;
import dev.sluice.model.Receipt.Join;
import dev.sluice.model.Receipt.Memory;
import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.Receipt.Quality;
import dev.sluice.model.Receipt.Rows;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Receipt.TargetFacts;
import dev.sluice.model.Receipt.Timings;
import java.time.Instant;
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
    boolean running = status == Status.RUNNING;
    return new Receipt(
        Receipt.VERSION,
        "0.0.0",
        KEY.job(),
        Optional.of("token-1"),
        "20261123T231500Z-1a2b3c",
        KEY.toString(),
        status,
        phase,
        exitCode,
        Optional.of(JANUARY),
        Optional.of(
            new TargetFacts(
                "table",
                KEY.target(),
                "s3://lake/flights/departures",
                exitCode.filter(code -> code == 0).map(code -> "8123456789012345678"),
                running ? Optional.empty() : Optional.of(31L),
                running ? Optional.empty() : Optional.of(1_234_567L))),
        running ? Optional.empty() : Optional.of(new Rows(27_004, 26_483, 521, 0)),
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
        Optional.of("s3://lake/_sluice/receipts/clean-departures/20261123T231500Z-1a2b3c.json"));
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
