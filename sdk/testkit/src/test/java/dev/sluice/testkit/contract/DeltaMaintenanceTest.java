package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@SluiceTest
class DeltaMaintenanceTest extends MaintenanceContract {
  private static final Table TABLE =
      maintained(TableFormat.DELTA, Maintenance.compact(), Maintenance.removeOrphans(DAY));

  DeltaMaintenanceTest() {
    super(TableFormat.DELTA);
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
    return planted(tableFolder().resolve("region=eu/" + name + "/part-0.parquet"));
  }

  @Override
  void daysPass() {
    Aged.log(tableFolder());
    Aged.files(tableFolder());
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
  void filesOfEarlierVersionsGoWhenTheyAreOld() {
    scattered();
    List<String> before = rows();
    job.maintain(writes());
    daysPass();

    Receipt receipt = job.maintain(writes());

    assertThat(step(receipt, "remove-orphans").filesRemoved()).isEqualTo(6);
    assertThat(rows()).isEqualTo(before);
    verified();
    assertThat(delivered(2, HEADER, "2,1.5,eu").run(writes())).alreadyCommitted();
    try (Lake lake = Lake.open(settings())) {
      assertThatExceptionOfType(SluiceException.class)
          .isThrownBy(() -> lake.pin(TABLE, "2"))
          .withMessage(
              "Cannot read table shop.orders as it was in snapshot 2: it has expired. Run without"
                  + " pinned inputs");
    }
  }

  @Test
  void rowsInZOrderAreTheSameRows() {
    Table table = maintained(TableFormat.DELTA, Maintenance.compact().zOrderedBy("id", "amount"));
    scattered();
    List<String> before = rows();

    Receipt receipt = job.maintain(into(table, Write.append()));

    assertThat(step(receipt, "compact").filesRemoved()).isEqualTo(6);
    assertThat(step(receipt, "compact").filesWritten()).isEqualTo(2);
    assertThat(job.maintain(into(table, Write.append())).status())
        .isEqualTo(Status.ALREADY_COMMITTED);
    assertThat(rows()).isEqualTo(before);
    verified();
  }

  @Test
  void oldDaysAreDropped() {
    Table table =
        Table.delta("shop.days")
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
    assertThat(step(receipt, "drop-old").filesRemoved()).isEqualTo(1);
    assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(2, 3);
    assertThat(job.maintain(days).maintenance().orElseThrow().get(0).isNothing()).isTrue();
  }

  @Test
  void whatTheLogHasForgottenIsLeft() {
    run(1, into(orders(), Write.append()), HEADER, "1,1.5,eu");
    Table month = orders().maintenance(Maintenance.removeOrphans(DAY.multipliedBy(30)));
    Job writer = into(month, Write.append());

    Receipt early = job.maintain(writer);
    run(2, writer, HEADER, "2,1.5,eu");
    Receipt later = job.maintain(writer);

    assertThat(early.error().orElseThrow().message())
        .isEqualTo(
            "Cannot maintain shop.orders with remove-orphans after PT720H: its log forgets after"
                + " PT168H when a file left the table. Run sluice register or the job that writes"
                + " it, which sets delta.deletedFileRetentionDuration");
    assertThat(later.status()).isEqualTo(Status.ALREADY_COMMITTED);
  }

  @Test
  void whatHasNoMeaningIsRefused() {
    Table expiring = orders().maintenance(Maintenance.expireSnapshots(DAY));
    Table sorted = orders().maintenance(Maintenance.compact().sortedBy("id"));
    Table ordered = orders().maintenance(Maintenance.compact().zOrderedBy("region"));

    assertThat(refusal(expiring))
        .isEqualTo(
            "Cannot maintain shop.orders with expire-snapshots: delta tables cannot expire"
                + " snapshots; those of other formats can: iceberg. Change that, or the table's"
                + " format");
    assertThat(refusal(sorted))
        .startsWith("Cannot maintain shop.orders with compact: delta tables cannot be compacted");
    assertThat(refusal(ordered))
        .isEqualTo(
            "Cannot maintain shop.orders with compact: it is to be ordered by region, which"
                + " partitions it already. Order it by other columns");
  }

  private String refusal(Table table) {
    return job.maintain(into(table, Write.append())).error().orElseThrow().message();
  }
}
