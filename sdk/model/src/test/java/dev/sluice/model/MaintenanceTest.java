package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MaintenanceTest {
  private static final Duration WEEK = Duration.ofDays(7);

  private static Table table(TableFormat format) {
    return Table.of(format, "shop.orders")
        .column("id", "int")
        .column("day", "date")
        .column("region", "string")
        .partitionedBy("day", "region");
  }

  @Test
  void isChangedByNoneOfItsMethods() {
    Maintenance.Compaction plain = Maintenance.compact();

    assertThat(plain.toFilesOf("2Gi").targetBytes()).isEqualTo(2L << 30);
    assertThat(plain.sortedBy("id")).isNotEqualTo(plain.zOrderedBy("id"));
    assertThat(plain)
        .isEqualTo(new Maintenance.Compaction(128L << 20, Maintenance.Order.NONE, List.of()));
    assertThat(Maintenance.expireSnapshots(WEEK).keepingAtLeast(3).keep()).isEqualTo(3);
    assertThat(Maintenance.expireSnapshots(WEEK).keep()).isEqualTo(1);
  }

  @Test
  void staysWithTheTable() {
    Table maintained =
        table(TableFormat.ICEBERG)
            .maintenance(Maintenance.compact(), Maintenance.dropOlderThan(WEEK, "day"));

    assertThat(maintained.describedAs("all").key("id").column("x", "int").maintenance())
        .containsExactly(Maintenance.compact(), Maintenance.dropOlderThan(WEEK, "day"));
    assertThat(table(TableFormat.ICEBERG).maintenance()).isEmpty();
  }

  @Test
  void isRefusedWhereAFormatIsNotMadeForIt() {
    Table ordered = table(TableFormat.PARQUET).maintenance(Maintenance.compact().zOrderedBy("id"));

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Capability.require(ordered, Write.replaceTable()))
        .withMessage(
            "Cannot maintain shop.orders with compact: parquet tables cannot be compacted in"
                + " z-order; those of other formats can: iceberg, delta. Change that, or the"
                + " table's format");
    Capability.require(
        table(TableFormat.PARQUET)
            .maintenance(Maintenance.compact().sortedBy("id"), Maintenance.removeOrphans(WEEK)),
        Write.replaceTable());
  }

  @Test
  void dropsPartitionsThatAreMadeOfTime() {
    Table table = table(TableFormat.ICEBERG).column("at", "timestamp");

    assertThat(
            table
                .partitionedBy(Partition.bucket(4, "at"), Partition.month("at"))
                .maintenance(Maintenance.dropOlderThan(WEEK, "at"))
                .timeOf("at"))
        .contains(Partition.month("at"));
    assertThat(table.partitionedBy(Partition.bucket(4, "day")).timeOf("day")).isEmpty();
    Instant time = Instant.parse("2024-05-06T07:08:09Z");
    assertThat(Partition.year("at").begin(time)).isEqualTo("2024-01-01T00:00:00Z");
    assertThat(Partition.month("at").begin(time)).isEqualTo("2024-05-01T00:00:00Z");
    assertThat(Partition.day("at").begin(time)).isEqualTo("2024-05-06T00:00:00Z");
    assertThat(Partition.hour("at").begin(time)).isEqualTo("2024-05-06T07:00:00Z");
    assertThat(Partition.value("at").begin(time)).isEqualTo(time);
  }

  static Stream<Arguments> mistakes() {
    Table table = table(TableFormat.ICEBERG);
    return Stream.of(
        mistake(
            "an unknown column",
            () -> table.maintenance(Maintenance.compact().sortedBy("di")),
            "Cannot declare table shop.orders: its maintenance names column 'di', which it does not"
                + " have. Did you mean 'id'? Known: id, day, region"),
        mistake(
            "two of a kind",
            () -> table.maintenance(Maintenance.compact(), Maintenance.compact()),
            "Cannot declare table shop.orders: its maintenance has compact twice. Remove one"),
        mistake(
            "age of a partition without time",
            () -> table.maintenance(Maintenance.dropOlderThan(WEEK, "region")),
            "Cannot declare table shop.orders: rows are dropped with partitions of type date or"
                + " timestamp, or of their year, month, day or hour, and 'region' has none. Partition"
                + " the table by one first"),
        mistake(
            "no partition",
            () -> table.partitionedBy("region").maintenance(Maintenance.dropOlderThan(WEEK, "day")),
            "Cannot declare table shop.orders: rows are dropped with partitions of type date or"
                + " timestamp, or of their year, month, day or hour, and 'day' has none. Partition"
                + " the table by one first"),
        mistake(
            "orphans that may be a running writer's",
            () -> Maintenance.removeOrphans(Duration.ofHours(23)),
            "Cannot remove orphans after PT23H: a run or a reader may still need what is younger"
                + " than a day. Give 24 hours or more"),
        mistake(
            "no snapshot",
            () -> Maintenance.expireSnapshots(WEEK).keepingAtLeast(0),
            "Cannot keep 0 snapshots: the current one always stays. Give 1 or more"),
        mistake(
            "a size without unit",
            () -> Maintenance.compact().toFilesOf("128"),
            "Cannot compact to files of '128': that is not a size. Write it like 256Mi or 1Gi"));
  }

  private static Arguments mistake(String name, ThrowingCallable call, String message) {
    return Arguments.of(name, call, message);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void saysWhatIsWrongAndWhatToDo(String name, ThrowingCallable declaration, String message) {
    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(declaration)
        .withMessage(message)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }
}
