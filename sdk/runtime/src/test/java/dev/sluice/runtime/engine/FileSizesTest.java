package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Interval;
import dev.sluice.model.JobSpec;
import dev.sluice.model.Partition;
import dev.sluice.model.Source;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.Staging.Files;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FileSizesTest {
  private static final long MIB = 1 << 20;

  @Test
  void tellsOfManyFilesWhateverTheirSize() {
    assertThat(FileSizes.warnings(Optional.of(new Files(1_001, 1_001 * 512 * MIB))))
        .containsExactly(
            "1,001 files were written, and each costs who reads the table. Partition more coarsely,"
                + " by month instead of day for one");
  }

  @Test
  void tellsOfSmallFiles() {
    assertThat(FileSizes.warnings(Optional.of(new Files(240, 240 * 3 * MIB / 2))))
        .containsExactly(
            "240 files of 1.5 MiB on average were written: small ones are slow to read. Partition"
                + " more coarsely, or declare maintenance(Maintenance.compact())");
  }

  @Test
  void isSilentAboutAFewSmallFilesAndAboutLargeOnes() {
    assertThat(FileSizes.warnings(Optional.of(new Files(31, 31)))).isEmpty();
    assertThat(FileSizes.warnings(Optional.of(new Files(1_000, 1_000 * 16 * MIB)))).isEmpty();
    assertThat(FileSizes.warnings(Optional.of(new Files(0, 0)))).isEmpty();
    assertThat(FileSizes.warnings(Optional.empty())).isEmpty();
  }

  @Test
  void tellsBeforeARowIsReadOfMorePartitionsThanAnybodyLikes() {
    Optional<Interval> quarter = Optional.of(Interval.parse("2013-01-01/2013-04-01"));

    assertThat(FileSizes.warnings(by(Partition.hour("at")), quarter))
        .containsExactly(
            "up to 2,160 partitions of shop.orders are written at once, each of at least one file."
                + " Partition more coarsely, or run shorter intervals");
    assertThat(FileSizes.warnings(by(Partition.day("at"), Partition.bucket(16, "id")), quarter))
        .hasSize(1);
    assertThat(FileSizes.warnings(by(Partition.day("at"), Partition.bucket(11, "id")), quarter))
        .isEmpty();
  }

  @Test
  void isSilentBeforeARowIsReadWhereOnlyTheRowsCanTell() {
    assertThat(FileSizes.warnings(by(Partition.hour("at")), Optional.empty())).isEmpty();
    assertThat(FileSizes.warnings(by(Partition.value("id")), Optional.empty())).isEmpty();
    assertThat(FileSizes.warnings(by(Partition.bucket(1_001, "id")), Optional.empty())).hasSize(1);
  }

  private static JobSpec by(Partition first, Partition... more) {
    Table orders =
        Table.iceberg("shop.orders")
            .column("id", "bigint")
            .column("at", "timestamp")
            .partitionedBy(first, more);
    return JobSpec.extract("orders")
        .read("orders", Source.csv("/orders.csv"))
        .write(orders, Write.append())
        .build();
  }
}
