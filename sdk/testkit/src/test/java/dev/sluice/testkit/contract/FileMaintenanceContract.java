package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Maintenance;
import dev.sluice.model.Partition;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.JobResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What maintenance of tables of plain files promises beside, whatever the files are. */
abstract class FileMaintenanceContract extends MaintenanceContract {
  FileMaintenanceContract(TableFormat format) {
    super(format);
  }

  static Table ofFiles(TableFormat format) {
    return maintained(format, Maintenance.compact().sortedBy("id"), Maintenance.removeOrphans(DAY));
  }

  @Override
  void scattered() {
    run(1, writes(), HEADER, "1,1.5,eu", "2,2.5,eu", "3,3.5,us");
    copied(tableFolder());
  }

  /** Several files of the same rows: all of them are rows of the table. */
  private void copied(Path place) {
    try (Stream<Path> files = Files.walk(place)) {
      String end = "." + format.word();
      for (Path file : files.filter(file -> file.toString().endsWith(end)).toList()) {
        for (String copy : List.of("copy-1", "copy-2", "copy-3")) {
          Files.copy(file, file.resolveSibling(copy + end));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  Path orphan(String name) {
    return planted(tableFolder().resolve("region=eu/" + name + "/part-0." + format.word()));
  }

  @Override
  void daysPass() {
    Aged.files(tableFolder());
    Aged.notes(lakeFolder());
  }

  @Override
  boolean publishesAfterCompaction() {
    return true;
  }

  @Test
  void aTableWithoutPartitionsIsSwitchedAsAWhole() {
    Table table =
        Table.of(format, "shop.lines")
            .column("id", "int")
            .column("amount", "double")
            .column("region", "string")
            .maintenance(Maintenance.compact());
    Job lines = into(table, Write.replaceTable());
    JobResult result = run(1, lines, HEADER, "1,1.5,eu", "2,2.5,us");
    copied(lakeFolder().resolve("shop/lines"));
    List<String> before = result.rows().stream().map(Object::toString).sorted().toList();

    Receipt receipt = job.maintain(lines);

    assertThat(step(receipt, "compact").filesWritten()).isEqualTo(1);
    assertThat(before).hasSize(8);
    assertThat(result.rows().stream().map(Object::toString).sorted()).isEqualTo(before);
    assertThat(job.maintain(lines).maintenance().orElseThrow().get(0).isNothing()).isTrue();
  }

  @Test
  void columnsThatAreDeclaredNoLongerStay() {
    scattered();
    Table less =
        Table.of(format, "shop.orders")
            .column("id", "int")
            .column("region", "string")
            .partitionedBy("region")
            .maintenance(Maintenance.compact());
    List<String> before = rows();

    Receipt receipt = job.maintain(into(less, Write.replacePartitions()));

    assertThat(step(receipt, "compact").isNothing()).isFalse();
    assertThat(rows()).isEqualTo(before).contains("[1,1.5,eu]");
  }

  @Test
  void oldDaysAreForgotten() {
    Table table =
        Table.of(format, "shop.days")
            .column("id", "int")
            .column("day", "date")
            .partitionedBy("day")
            .maintenance(Maintenance.dropOlderThan(DAY.multipliedBy(30), "day"));
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    Job days = into(table, Write.replacePartitions());
    JobResult result =
        run(1, days, "id,day", "1," + today.minusDays(31), "2," + today.minusDays(29), "3,");

    Receipt receipt = job.maintain(days);

    assertThat(step(receipt, "drop-old").rowsRemoved()).isEqualTo(1);
    assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(2, 3);
    assertThat(job.maintain(days).maintenance().orElseThrow().get(0).isNothing()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"year(at)", "month(at)", "day(at)", "hour(at)"})
  void partitionsOfInstantsAreForgottenOnceAllOfThemIsOld(String partition) {
    Partition by = Partition.parse(partition);
    Table table =
        Table.of(format, "shop.times")
            .column("id", "int")
            .column("at", "timestamp")
            .partitionedBy(by)
            .maintenance(Maintenance.dropOlderThan(DAY.multipliedBy(40), "at"));
    Instant oldest = by.begin(Instant.now().minus(DAY.multipliedBy(40)));
    Job times = into(table, Write.replacePartitions());
    JobResult result = run(1, times, "id,at", "1," + oldest.minusSeconds(1), "2," + oldest, "3,");

    Receipt receipt = job.maintain(times);

    assertThat(step(receipt, "drop-old").rowsRemoved()).isEqualTo(1);
    assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(2, 3);
  }
}
