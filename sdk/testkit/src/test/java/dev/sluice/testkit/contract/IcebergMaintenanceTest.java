package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Json;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Partition;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.MaintenanceStep;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.route.RowLayout;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FailPoint.Action;
import dev.sluice.testkit.CrashedRun;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@SluiceTest
class IcebergMaintenanceTest extends MaintenanceContract {
  private static final Table TABLE =
      maintained(
          TableFormat.ICEBERG,
          Maintenance.compact().sortedBy("id"),
          Maintenance.expireSnapshots(DAY),
          Maintenance.removeOrphans(DAY));

  IcebergMaintenanceTest() {
    super(TableFormat.ICEBERG);
  }

  /** One of the jobs. */
  static final class Appends extends Orders {
    Appends() {
      super(TABLE, Write.append());
    }
  }

  /** One of the jobs. */
  static final class Merges extends Orders {
    Merges() {
      super(TABLE, Write.upsert());
    }
  }

  /** One of the jobs. */
  static final class Replaces extends Orders {
    Replaces() {
      super(TABLE, Write.replacePartitions());
    }
  }

  @Override
  Job writes() {
    return new Appends();
  }

  @Override
  void scattered() {
    appended();
  }

  @Override
  Path orphan(String name) {
    return planted(tableFolder().resolve("data/region=eu/" + name + ".parquet"));
  }

  @Override
  void daysPass() {
    Aged.files(tableFolder());
    Aged.snapshots(tableFolder());
  }

  @Override
  boolean publishesAfterCompaction() {
    return true;
  }

  @Test
  @Tag("long")
  void aMergeIsDoneAgainOnCompactedFiles() {
    mergesAfterCompaction(new Merges());
  }

  @Test
  @Tag("long")
  void aReplacementOfCompactedPartitionsIsRunAgain() {
    replacesOnlyWhatItHasSeen(new Replaces());
  }

  @Test
  void whatAReaderMayHaveBegunToReadStays() {
    JobResult first = run(1, writes(), HEADER, "1,1.5,eu");
    JobResult second = run(2, writes(), HEADER, "2,1.5,eu");
    JobResult third = run(3, writes(), HEADER, "3,1.5,eu");
    daysPass();
    run(4, writes(), HEADER, "4,1.5,eu"); // a moment ago the third was the current one
    List<String> before = rows();

    Receipt receipt = job.maintain(writes());

    assertThat(step(receipt, "expire-snapshots").snapshotsRemoved()).isEqualTo(2);
    assertThat(snapshots()).doesNotContain(id(first), id(second)).contains(id(third));
    assertThat(rows()).isEqualTo(before);
    verified();
    assertThat(delivered(2, HEADER, "2,1.5,eu").run(writes())).alreadyCommitted();
  }

  @Test
  @Tag("long")
  void isKilledWhileFilesOfExpiredSnapshotsGo() {
    scattered();
    List<String> before = rows();
    job.maintain(writes());
    daysPass();

    CrashedRun killed = job.startMaintenance(writes(), FailPoint.BETWEEN_POINTERS, Action.HALT);

    assertThat(killed.exitCode()).as(killed.printed()).isEqualTo(FailPoint.KILLED);
    assertThat(rows()).isEqualTo(before);
    Receipt again = job.maintain(writes());
    assertThat(step(again, "expire-snapshots").isNothing()).isTrue();
    assertThat(step(again, "remove-orphans").filesRemoved()).isPositive();
    assertThat(rows()).isEqualTo(before);
    verified();
  }

  @Test
  void rowsInZOrderAreTheSameRows() {
    Table table = maintained(TableFormat.ICEBERG, Maintenance.compact().zOrderedBy("id", "amount"));
    scattered();
    List<String> before = rows();

    Receipt receipt = job.maintain(into(table, Write.append()));

    assertThat(step(receipt, "compact").filesWritten()).isEqualTo(2);
    assertThat(rows()).isEqualTo(before);
    verified();
  }

  @Test
  void differentValuesAreCountedOnceForASnapshot() {
    Table counted = maintained(TableFormat.ICEBERG, Maintenance.statistics("id", "region"));
    Job writer = into(counted, Write.append());
    run(1, writer, HEADER, "1,1.5,eu", "2,1.5,eu", "3,1.5,us");

    Receipt first = job.maintain(writer);
    Receipt second = job.maintain(writer);

    assertThat(step(first, "statistics").filesWritten()).isEqualTo(1);
    assertThat(step(first, "statistics").bytesWritten()).isPositive();
    assertThat(step(second, "statistics").isNothing()).isTrue();
    try (Lake lake = Lake.open(settings())) {
      TableIdentifier name = TableIdentifier.of("shop", "orders");
      assertThat(lake.iceberg().loadTable(name).statisticsFiles().get(0).blobMetadata())
          .extracting(blob -> blob.properties().get("ndv"))
          .containsExactly("3", "2");
    }
    verified();
    run(2, writer, HEADER, "4,1.5,eu");
    assertThat(step(job.maintain(writer), "statistics").filesWritten()).isEqualTo(1);
  }

  @Test
  void oldDaysAreDropped() {
    Table table =
        Table.iceberg("shop.days")
            .column("id", "int")
            .column("day", "date")
            .partitionedBy("day")
            .maintenance(Maintenance.dropOlderThan(DAY.multipliedBy(30), "day"));
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    Job days = into(table, Write.append());
    JobResult result =
        run(1, days, "id,day", "1," + today.minusDays(31), "2," + today.minusDays(29), "3,");

    Receipt receipt = job.maintain(days);

    assertThat(step(receipt, "drop-old").rowsRemoved()).isEqualTo(1);
    assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(2, 3);
    assertThat(job.maintain(days).maintenance().orElseThrow().get(0).isNothing()).isTrue();
  }

  @Test
  void monthsOfInstantsAreDroppedOnceAllOfThemIsOld() {
    Table table =
        Table.iceberg("shop.months")
            .column("id", "int")
            .column("at", "timestamp")
            .partitionedBy(Partition.month("at"))
            .maintenance(Maintenance.dropOlderThan(DAY.multipliedBy(40), "at"));
    YearMonth month = YearMonth.from(LocalDate.now(ZoneOffset.UTC).minusDays(40));
    Job months = into(table, Write.append());
    JobResult result =
        run(
            1,
            months,
            "id,at",
            "1," + month.atDay(1).minusDays(1) + "T23:59:59Z",
            "2," + month.atDay(1) + "T00:00:00Z",
            "3,");

    Receipt receipt = job.maintain(months);

    assertThat(step(receipt, "drop-old").rowsRemoved()).isEqualTo(1);
    assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(2, 3);
  }

  @Test
  void whatIsKeptBesideATableIsMaintainedWithIt() throws Exception {
    Table table = TABLE.checkedBy("positive");
    Job checked = into(table, Write.append());
    run(1, checked, HEADER, "1,1.5,eu");
    assertThat(run(2, checked, HEADER, "2,-2.5,eu")).refused();
    assertThat(run(3, checked, HEADER, "3,-2.5,eu")).refused();
    run(4, checked, HEADER, "4,1.5,eu");
    job.set("lake.quarantine-kept", "P30D");
    try (Lake lake = Lake.open(settings())) {
      Dataset<Row> rejected = lake.quarantine(table).rows().orElseThrow();
      rejected
          .withColumn(RowLayout.TIME, functions.lit(Instant.parse("2024-01-01T00:00:00Z")))
          .writeTo("lake.shop.orders_quarantine")
          .append();
      assertThat(rejected.count()).isEqualTo(4);
    }

    Receipt receipt = job.maintain(checked);

    assertThat(beside(receipt, "shop.orders_quarantine"))
        .extracting(MaintenanceStep::step)
        .containsExactly("drop-old", "expire-snapshots", "remove-orphans");
    assertThat(beside(receipt, "shop.orders_quarantine").get(0).rowsRemoved()).isEqualTo(2);
    MaintenanceStep metrics = beside(receipt, "shop.orders_metrics").get(0);
    assertThat(metrics.step()).isEqualTo("compact");
    assertThat(metrics.filesRemoved()).isEqualTo(2); // of the runs that have published
    assertThat(metrics.filesWritten()).isEqualTo(1);
    assertThat(job.maintain(checked).status()).isEqualTo(Status.ALREADY_COMMITTED);
    JobResult again = run(2, checked, HEADER, "2,2.5,eu");
    assertThat(again).committed().quarantined(1); // its own rejected row is out, the other's is not
  }

  private static List<MaintenanceStep> beside(Receipt receipt, String table) {
    assertThat(receipt.error()).isEmpty();
    return receipt.maintenance().orElseThrow().stream()
        .filter(step -> step.table().equals(Optional.of(table)))
        .toList();
  }

  private static String id(JobResult result) {
    return result.receipt().target().orElseThrow().snapshotId().orElseThrow();
  }

  private List<String> snapshots() {
    try (Stream<Path> files = Files.list(tableFolder().resolve("metadata"))) {
      Path newest =
          files
              .filter(file -> file.toString().endsWith(".metadata.json"))
              .max(Comparator.comparing(file -> file.getFileName().toString()))
              .orElseThrow();
      return Json.mapper()
          .readTree(newest.toFile())
          .get("snapshots")
          .findValuesAsText("snapshot-id");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
