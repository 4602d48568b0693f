package dev.sluice.connect.glue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Outcome;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import dev.sluice.runtime.spi.FileCatalog.Publication;
import dev.sluice.runtime.spi.Guard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.StorageDescriptor;
import software.amazon.awssdk.services.glue.model.TableInput;

class GlueFileCatalogTest {
  private static final Table TABLE =
      Table.parquet("shop.orders")
          .describedAs("orders")
          .column("id", "bigint", "number of the order")
          .column("day", "int", "day of the year")
          .key("id")
          .partitionedBy("day");

  private final FakeGlue glue = new FakeGlue();
  private final GlueFileCatalog catalog = new GlueFileCatalog(glue, new GlueUpkeep(glue, false, 0));

  @BeforeEach
  void makeTable() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("id", "bigint");
    columns.put("day", "int");
    catalog.put(TABLE, new Entry(columns, "s3://lake/shop/orders", Map.of("a", "b")));
  }

  private static List<Partition> days(int from, int to, String run) {
    return IntStream.range(from, to)
        .mapToObj(
            day ->
                new Partition(
                    List.of(Integer.toString(day)),
                    "s3://lake/shop/orders/day=" + day + "/" + run,
                    day))
        .toList();
  }

  /** Notes a run in the entry unless it stands there. */
  private static Publication noting(String run) {
    return new Publication(
        List.of(),
        List.of(),
        there -> List.of(),
        entry -> {
          Map<String, String> parameters = new LinkedHashMap<>(entry.parameters());
          return parameters.put(run, "done") == null
              ? Optional.of(new Entry(entry.columns(), entry.location(), parameters))
              : Optional.empty();
        });
  }

  @Test
  void notesARunAgainWhereAnotherIsNotedMeanwhile() {
    glue.meanwhile(() -> catalog.publish(TABLE, noting("other")));

    assertThat(catalog.publish(TABLE, noting("mine"))).isEqualTo(Outcome.PUBLISHED);

    assertThat(catalog.find(TABLE).orElseThrow().parameters()).containsKeys("a", "other", "mine");
  }

  /** The guard is off: what it is for must happen. */
  @Test
  void withoutTheRevisionARunIsForgotten() {
    glue.meanwhile(() -> catalog.publish(TABLE, noting("other")));
    System.setProperty(Guard.PROPERTY, Guard.REVISION.word());
    try {
      catalog.publish(TABLE, noting("mine"));
    } finally {
      System.clearProperty(Guard.PROPERTY);
    }
    assertThat(catalog.find(TABLE).orElseThrow().parameters())
        .containsKey("mine")
        .doesNotContainKey("other");
  }

  @Test
  void saysWhereTheSameRunWasPublishedEarlierOrMeanwhile() {
    glue.meanwhile(() -> catalog.publish(TABLE, noting("mine")));

    assertThat(catalog.publish(TABLE, noting("mine"))).isEqualTo(Outcome.MEANWHILE);
    assertThat(catalog.publish(TABLE, noting("mine"))).isEqualTo(Outcome.EARLIER);
  }

  @Test
  void anEntryThatWasReadBeforeAnotherChangeIsRefused() {
    Entry read = catalog.find(TABLE).orElseThrow();
    catalog.put(TABLE, read);

    assertThatThrownBy(() -> catalog.put(TABLE, read))
        .hasMessage(
            "Cannot change table shop.orders in Glue: another run has changed it meanwhile. Run"
                + " again")
        .extracting(e -> ((SluiceException) e).exitCode())
        .isEqualTo(ExitCode.CONFLICT);
  }

  @Test
  void leavesNoOlderVersionOfTheEntryBehind() {
    catalog.put(TABLE, catalog.find(TABLE).orElseThrow());
    catalog.put(TABLE, catalog.find(TABLE).orElseThrow());

    assertThat(glue.versions).containsExactly("2");
  }

  @Test
  void tellsHowItsCommentsDiffer() {
    assertThat(catalog.words(TABLE)).isEmpty();
    Table other =
        Table.parquet("shop.orders")
            .column("id", "bigint")
            .column("day", "int", "day of the month")
            .partitionedBy("day");

    assertThat(catalog.words(other))
        .containsExactly(
            "remove the comment of the table",
            "remove the comment of column id",
            "say of column day: day of the month");

    catalog.put(other, catalog.find(other).orElseThrow());
    assertThat(catalog.words(other)).isEmpty();
  }

  @Test
  void aPartitionSaysHowManyRowsItHas() {
    catalog.point(TABLE, days(7, 8, "first"));

    assertThat(glue.getPartitions(r -> r.tableName("orders")).partitions().get(0).parameters())
        .containsEntry("numRows", "7");
  }

  @Test
  void createsAHundredPartitionsACall() {
    catalog.point(TABLE, days(0, 230, "first"));

    assertThat(glue.calls).containsExactly("create 100", "create 100", "create 30");
    assertThat(catalog.partitions(TABLE)).isEqualTo(days(0, 230, "first"));
  }

  @Test
  void updatesThoseThatAreThereAndCreatesTheRest() {
    catalog.point(TABLE, days(0, 130, "first"));
    glue.calls.clear();

    catalog.point(TABLE, days(10, 140, "second"));

    assertThat(glue.calls).containsExactly("create 10", "update 100", "update 20");
    assertThat(catalog.partitions(TABLE))
        .containsAll(days(0, 10, "first"))
        .containsAll(days(10, 140, "second"))
        .hasSize(140);
  }

  @Test
  void dropsTwentyFivePartitionsACall() {
    catalog.point(TABLE, days(0, 60, "first"));
    glue.calls.clear();

    catalog.drop(TABLE, days(0, 51, "first"));

    assertThat(glue.calls).containsExactly("delete 25", "delete 25", "delete 1");
    assertThat(catalog.partitions(TABLE)).isEqualTo(days(51, 60, "first"));
  }

  @Test
  void saysWhatGlueRefused() {
    assertThatThrownBy(() -> catalog.drop(TABLE, days(0, 3, "first")))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "Cannot register 3 partitions of shop.orders: Glue answered EntityNotFoundException"
                + " refused. Run again");
  }

  @Test
  void keepsTheTableThatIsThere() {
    Entry found = catalog.find(TABLE).orElseThrow();

    catalog.put(TABLE, found);

    assertThat(catalog.find(TABLE).orElseThrow())
        .usingRecursiveComparison()
        .ignoringFields("parameters." + FileCatalog.REVISION)
        .isEqualTo(found);
    assertThat(found.columns().keySet()).containsExactly("id", "day");
  }

  @ParameterizedTest
  @CsvSource({
    "PARQUET, ql.io.parquet.MapredParquet, ql.io.parquet.serde.ParquetHiveSerDe",
    "ORC, ql.io.orc.Orc, ql.io.orc.OrcSerde",
    "AVRO, ql.io.avro.AvroContainer, serde2.avro.AvroSerDe"
  })
  void everyFormatHasHivesNames(TableFormat format, String classes, String serde) {
    Table table = Table.of(format, "shop.orders").column("id", "bigint");
    Entry entry = new Entry(Map.of("id", "bigint"), "s3://lake/shop/orders/run-1", Map.of());

    StorageDescriptor storage = GlueTables.input(table, entry).storageDescriptor();

    String hive = "org.apache.hadoop.hive.";
    assertThat(storage.inputFormat()).isEqualTo(hive + classes + "InputFormat");
    assertThat(storage.outputFormat()).isEqualTo(hive + classes + "OutputFormat");
    assertThat(storage.serdeInfo().serializationLibrary()).isEqualTo(hive + serde);
    assertThat(storage.location()).isEqualTo("s3://lake/shop/orders/run-1");
  }

  private static Column column(String name, String type) {
    return Column.builder().name(name).type(type).build();
  }

  /** As a crawler or Spark would make it. */
  private Table declared(UnaryOperator<TableInput.Builder> change) {
    FakeGlue others = new FakeGlue();
    StorageDescriptor storage =
        StorageDescriptor.builder()
            .columns(column("id", "bigint").toBuilder().comment("number of the order").build())
            .location("s3a://theirs/orders")
            .serdeInfo(s -> s.serializationLibrary("org.apache.hadoop.hive.ql.io.orc.OrcSerde"))
            .build();
    others.createTable(
        r ->
            r.tableInput(
                change
                    .apply(
                        TableInput.builder()
                            .name("orders")
                            .description("orders")
                            .partitionKeys(column("day", "date"))
                            .storageDescriptor(storage))
                    .build()));
    GlueFileCatalog theirs = new GlueFileCatalog(others, new GlueUpkeep(others, false, 0));
    Table table = theirs.declaration("shop.orders").orElseThrow();
    assertThat(theirs.find(table).orElseThrow().location()).isEqualTo("s3://theirs/orders");
    return table;
  }

  @Test
  void aTableThatOthersMadeHasADeclaration() {
    assertThat(declared(made -> made))
        .isEqualTo(
            Table.orc("shop.orders")
                .describedAs("orders")
                .column("id", "bigint", "number of the order")
                .column("day", "date")
                .partitionedBy("day"));
  }

  @Test
  void whatIsNoTableOfPlainFilesHasNone() {
    assertThatThrownBy(() -> declared(made -> made.tableType("VIRTUAL_VIEW")))
        .hasMessage(
            "Cannot use table shop.orders: the catalog has it as a view. Write to a new table");
    assertThatThrownBy(() -> declared(made -> made.parameters(Map.of("classification", "csv"))))
        .hasMessage(
            "Cannot import table shop.orders: its files are csv. Import a table of parquet, orc or"
                + " avro files, or write to a new table");
    assertThatThrownBy(() -> declared(made -> made.partitionKeys(column("at", "varchar(10)"))))
        .hasMessageStartingWith("Cannot declare column 'at': 'varchar(10)' is not a column type.");
  }

  @Test
  void aDeltaTableIsNotTakenForPlainFiles() {
    Table table =
        Table.delta("shop.orders").column("id", "bigint").column("day", "int").partitionedBy("day");
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("id", "bigint");
    columns.put("day", "int");

    var input = GlueTables.input(table, new Entry(columns, "s3://lake/shop/orders", Map.of()));

    assertThat(input.partitionKeys()).isEmpty();
    StorageDescriptor storage = input.storageDescriptor();
    assertThat(storage.columns()).extracting(column -> column.name()).containsExactly("id", "day");
    assertThat(storage.inputFormat()).isEqualTo("org.apache.hadoop.mapred.SequenceFileInputFormat");
    assertThat(storage.serdeInfo().serializationLibrary())
        .isEqualTo("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe");
    assertThat(storage.serdeInfo().parameters()).containsEntry("path", "s3://lake/shop/orders");
  }
}
