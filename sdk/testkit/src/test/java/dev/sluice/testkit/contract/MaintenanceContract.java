package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Jobs.Written;
import dev.sluice.runtime.engine.MaintenanceRun;
import dev.sluice.runtime.engine.Runs;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FailPoint.Action;
import dev.sluice.testkit.CrashedRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What maintenance promises for every format: no row is lost or doubled, whatever else is going on,
 * and nothing is removed that somebody may need.
 */
abstract class MaintenanceContract extends FormatContract {
  static final Duration DAY = Duration.ofDays(1);

  MaintenanceContract(TableFormat format) {
    super(format);
  }

  @BeforeEach
  void shortRuns() {
    job.set("lake.longest-run", "PT24H");
  }

  /** A job of a class whose instances another process can make. */
  abstract Job writes();

  /** Leaves a table whose rows lie in several small files for each partition. */
  abstract void scattered();

  /** Makes files that nothing names, and answers where they lie. */
  abstract Path orphan(String name);

  /** Lets so much time pass that what nothing names by now is no running writer's. */
  abstract void daysPass();

  /** Several runs that append to the same partitions. */
  void appended() {
    for (int month = 1; month <= 3; month++) {
      run(month, writes(), HEADER, month + ",1.5,eu", (10 + month) + ",2.5,us");
    }
  }

  static Table maintained(TableFormat format, Maintenance... steps) {
    return Table.of(format, "shop.orders")
        .column("id", "int")
        .column("amount", "double")
        .column("region", "string")
        .partitionedBy("region")
        .key("id")
        .maintenance(steps);
  }

  Path lakeFolder() {
    return job.folder().resolve("lake");
  }

  Path tableFolder() {
    return lakeFolder().resolve("shop/orders");
  }

  private Map<String, String> lakeSettings() {
    Map<String, String> sets = new LinkedHashMap<>(settings());
    sets.remove("inbox");
    return sets;
  }

  List<String> rows() {
    try (Lake lake = Lake.open(lakeSettings())) {
      return lake.pin(writes().spec().table().orElseThrow()).rows().collectAsList().stream()
          .map(Row::toString)
          .sorted()
          .toList();
    }
  }

  static MaintenanceStep step(Receipt receipt, String name) {
    assertThat(receipt.error()).isEmpty();
    return receipt.maintenance().orElseThrow().stream()
        .filter(step -> step.step().equals(name))
        .findFirst()
        .orElseThrow();
  }

  void verified() {
    assertThat(Runs.verify(request(1, writes()), writes())).isEmpty();
  }

  @Test
  void compactionKeepsEveryRowAndIsDoneOnce() {
    scattered();
    List<String> before = rows();

    List<MaintenanceStep> plan =
        MaintenanceRun.plan(job.maintenance(writes()), Written.of(writes()));
    Receipt first = job.maintain(writes());
    Receipt second = job.maintain(writes());

    MaintenanceStep done = step(first, "compact");
    assertThat(done.filesRemoved()).isGreaterThan(done.filesWritten());
    assertThat(done.bytesRemoved()).isPositive();
    assertThat(done.bytesWritten()).isPositive();
    MaintenanceStep planned = plan.get(0);
    assertThat(planned.filesRemoved()).isEqualTo(done.filesRemoved());
    assertThat(planned.filesWritten()).isEqualTo(done.filesWritten());
    assertThat(first.status()).isEqualTo(Status.COMMITTED);
    assertThat(first.runKey()).isEqualTo("maintain.shop.orders/shop.orders/all");
    assertThat(first.receiptUri().orElseThrow()).contains("/receipts/maintain.shop.orders/");
    assertThat(second.status()).isEqualTo(Status.ALREADY_COMMITTED);
    assertThat(second.maintenance().orElseThrow()).allMatch(MaintenanceStep::isNothing);
    assertThat(rows()).isEqualTo(before);
    verified();
    try (Lake lake = Lake.open(lakeSettings())) {
      assertThat(lake.audit().orElseThrow().lines())
          .filteredOn(line -> line.job().equals("maintain.shop.orders"))
          .hasSize(2);
    }
  }

  @Test
  void orphansAreRemovedOnceTheyAreOld() {
    scattered();
    List<String> before = rows();
    Path old = orphan("20240101T000000Z-0000aa");
    job.maintain(writes());
    assertThat(old).exists();
    daysPass();
    Path young = orphan("20240101T000000Z-0000bb");

    List<MaintenanceStep> plan =
        MaintenanceRun.plan(job.maintenance(writes()), Written.of(writes()));
    assertThat(old).exists();
    Receipt receipt = job.maintain(writes());

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(step(receipt, "remove-orphans").filesRemoved()).isPositive();
    assertThat(plan).contains(step(receipt, "remove-orphans"));
    assertThat(rows()).isEqualTo(before);
    verified();
  }

  @Test
  void whatALongRunMayNeedIsRefused() {
    job.set("lake.longest-run", "PT25H");
    Receipt tooYoung = job.maintain(writes());
    job.set("lake.longest-run", "PT23H");
    Receipt tooShort = job.maintain(writes());

    assertThat(tooYoung.exitCode()).contains(2);
    assertThat(tooYoung.error().orElseThrow().message())
        .matches(
            "Cannot maintain shop.orders with (expire-snapshots|remove-orphans) after PT24H: a run"
                + " or a reader may take PT25H, and need what is removed. Declare that time or"
                + " more, or lower lake.longest-run if none takes so long");
    assertThat(tooShort.error().orElseThrow().message())
        .isEqualTo(
            "Cannot use PT23H as lake.longest-run: maintenance would touch what a run or a reader"
                + " may still need. Give PT24H or more");
  }

  @ParameterizedTest(name = "{0}")
  @Tag("long")
  @EnumSource(names = {"BEFORE_COMMIT", "AFTER_COMMIT"})
  void isKilledAndRunsAgain(FailPoint point) {
    scattered();
    List<String> before = rows();

    CrashedRun killed = job.startMaintenance(writes(), point, Action.HALT);

    assertThat(killed.exitCode()).as(killed.printed()).isEqualTo(FailPoint.KILLED);
    assertThat(rows()).isEqualTo(before);
    verified();
    Receipt again = job.maintain(writes());
    assertThat(step(again, "compact").isNothing()).isEqualTo(point == FailPoint.AFTER_COMMIT);
    assertThat(rows()).isEqualTo(before);
    assertThat(job.maintain(writes()).status()).isEqualTo(Status.ALREADY_COMMITTED);
    verified();
  }

  @Test
  @Tag("long")
  void isKilledAmongOrphansAndRunsAgain() {
    scattered();
    List<String> before = rows();
    List<Path> old = List.of(orphan("20240101T000000Z-0000aa"), orphan("replay-0000aaaa"));
    job.maintain(writes());
    daysPass();

    CrashedRun killed = job.startMaintenance(writes(), FailPoint.BETWEEN_POINTERS, Action.HALT);

    assertThat(killed.exitCode()).as(killed.printed()).isEqualTo(FailPoint.KILLED);
    assertThat(rows()).isEqualTo(before);
    job.maintain(writes());
    assertThat(old).noneMatch(Files::exists);
    assertThat(rows()).isEqualTo(before);
    verified();
  }

  /** Whether a writer that compaction has overtaken has published, or is to run again. */
  abstract boolean publishesAfterCompaction();

  @Test
  @Tag("long")
  void aWriterThatHasStagedKeepsItsRows() {
    scattered();
    delivered(8, HEADER, "80,8.5,eu", "81,8.5,asia");
    CrashedRun late = job.start(writes(), FailPoint.BEFORE_COMMIT, Action.WAIT).awaitPoint();

    assertThat(job.maintain(writes()).exitCode()).contains(0);

    assertThat(late.goOn().exitCode())
        .as(late.printed())
        .isEqualTo(publishesAfterCompaction() ? 0 : 6);
    assertThat(job.run(writes()).receipt().exitCode()).contains(0);
    assertThat(rows()).contains("[80,8.5,eu]", "[81,8.5,asia]");
    verified();
  }

  /** A merge that compaction has overtaken; the format is one of those that can append. */
  void mergesAfterCompaction(Job merges) {
    scattered();
    delivered(8, HEADER, "1,8.5,eu", "80,8.5,us");
    CrashedRun late = job.start(merges, FailPoint.BEFORE_COMMIT, Action.WAIT).awaitPoint();

    assertThat(step(job.maintain(writes()), "compact").isNothing()).isFalse();

    assertThat(late.goOn().exitCode()).as(late.printed()).isZero();
    assertThat(rows())
        .containsExactly(
            "[1,8.5,eu]",
            "[11,2.5,us]",
            "[12,2.5,us]",
            "[13,2.5,us]",
            "[2,1.5,eu]",
            "[3,1.5,eu]",
            "[80,8.5,us]");
    verified();
  }

  /** A run that replaces partitions whose files compaction has rewritten since it looked. */
  void replacesOnlyWhatItHasSeen(Job replaces) {
    scattered();
    List<String> before = rows();
    delivered(8, HEADER, "80,8.5,eu");
    CrashedRun late = job.start(replaces, FailPoint.BEFORE_COMMIT, Action.WAIT).awaitPoint();

    assertThat(step(job.maintain(writes()), "compact").isNothing()).isFalse();

    assertThat(late.goOn().exitCode()).as(late.printed()).isEqualTo(ExitCode.CONFLICT.value());
    assertThat(rows()).isEqualTo(before);
    assertThat(job.run(replaces)).committed();
    assertThat(rows()).containsExactly("[11,2.5,us]", "[12,2.5,us]", "[13,2.5,us]", "[80,8.5,eu]");
    verified();
  }

  @Test
  @Tag("long")
  void aWriterThatIsFasterKeepsItsRows() {
    scattered();
    CrashedRun late =
        job.startMaintenance(writes(), FailPoint.BEFORE_COMMIT, Action.WAIT).awaitPoint();
    delivered(8, HEADER, "80,8.5,eu", "81,8.5,asia");

    assertThat(job.run(writes())).committed();
    List<String> after = rows();

    assertThat(late.goOn().exitCode()).as(late.printed()).isIn(0, 6);
    assertThat(rows()).isEqualTo(after).contains("[80,8.5,eu]", "[81,8.5,asia]");
    verified();
    assertThat(job.maintain(writes()).exitCode()).contains(0);
    assertThat(rows()).isEqualTo(after);
    verified();
  }

  @Test
  @Tag("long")
  void severalWritersAndMaintenanceAtOnce() {
    scattered();
    List<String> before = rows();
    List<CrashedRun> writers = Stream.of(4, 5, 6).map(this::writer).toList();
    writers.forEach(CrashedRun::goOn);
    int rounds = 0;
    while (writers.stream().anyMatch(CrashedRun::isAlive) || rounds < 2) {
      assertThat(job.maintain(writes()).exitCode().orElseThrow()).isIn(0, 6);
      rounds++;
    }

    for (CrashedRun writer : writers) {
      assertThat(writer.exitCode()).as(writer.printed()).isZero();
    }
    assertThat(rows()).containsAll(before).hasSize(before.size() + 3);
    verified();
  }

  /** A run with a delivery of its own, which waits while it writes. */
  private CrashedRun writer(int month) {
    String inbox = "inbox" + month;
    planted(job.folder().resolve(inbox).resolve("orders.csv"));
    job.set("inbox", job.folder().resolve(inbox).toString())
        .file(inbox + "/orders.csv", HEADER, month + ",4.5,region" + month)
        .interval(interval(month));
    return job.start(writes(), FailPoint.WRITING, Action.WAIT).awaitPoint();
  }

  static Path planted(Path file) {
    try {
      Files.createDirectories(file.getParent());
      return Files.writeString(file, "nobody's");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
