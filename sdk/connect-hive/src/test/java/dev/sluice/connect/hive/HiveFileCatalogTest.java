package dev.sluice.connect.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog.Entry;
import dev.sluice.runtime.spi.FileCatalog.Partition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.thrift.transport.TTransportException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the catalog asks of a metastore; that a real one answers is shown by the chain. */
class HiveFileCatalogTest {
  private static final Table ORDERS =
      Table.parquet("shop.orders")
          .describedAs("what was bought")
          .column("Id", "bigint", "number of the order")
          .column("at", "timestamp_ntz")
          .column("day", "int", "day of the order")
          .partitionedBy("day");
  private static final String ROOT = "file:///lake/shop/orders";

  private FakeMetastore metastore;
  private HiveFileCatalog catalog;

  @BeforeEach
  void start() throws TTransportException {
    metastore = new FakeMetastore();
    catalog = metastore.catalog(Map.of("hive.metastore.uris", metastore.uri()));
  }

  @AfterEach
  void stop() {
    metastore.close();
  }

  private static Entry entry(Map<String, String> parameters) {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("Id", "bigint");
    columns.put("at", "timestamp_ntz");
    columns.put("day", "int");
    return new Entry(columns, ROOT, parameters);
  }

  private static List<Partition> days(int from, int to, String run) {
    return IntStream.range(from, to)
        .mapToObj(
            day ->
                new Partition(
                    List.of(Integer.toString(day)), ROOT + "/day=" + day + "/" + run, day))
        .toList();
  }

  @Test
  void aTableComesBackAsItWasDeclared() {
    assertThat(catalog.find(ORDERS)).isEmpty();

    catalog.put(ORDERS, entry(Map.of("classification", "parquet")));

    Entry found = catalog.find(ORDERS).orElseThrow();
    assertThat(found.columns()).containsExactlyEntriesOf(entry(Map.of()).columns());
    assertThat(found.location()).isEqualTo(ROOT);
    assertThat(found.parameters()).containsEntry("classification", "parquet");
  }

  @Test
  void theMetastoreSeesWhatHiveKnows() {
    catalog.put(ORDERS, entry(Map.of()));

    var made = metastore.table();
    assertThat(made.getTableType()).isEqualTo("EXTERNAL_TABLE");
    assertThat(made.getParameters())
        .containsEntry("EXTERNAL", "TRUE")
        .containsEntry("comment", "what was bought");
    assertThat(made.getSd().getCols())
        .containsExactly(
            new FieldSchema("Id", "bigint", "number of the order"),
            new FieldSchema("at", "timestamp", null));
    assertThat(made.getPartitionKeys())
        .containsExactly(new FieldSchema("day", "int", "day of the order"));
    assertThat(made.getSd().getSerdeInfo().getSerializationLib())
        .isEqualTo("org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe");
    assertThat(made.getSd().getInputFormat())
        .isEqualTo("org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat");
  }

  @Test
  void commentsThatDifferAreTold() {
    catalog.put(ORDERS, entry(Map.of()));
    assertThat(catalog.words(ORDERS)).isEmpty();
    Table other =
        Table.parquet("shop.orders")
            .describedAs("all that was bought")
            .column("Id", "bigint", "the order's number")
            .column("at", "timestamp_ntz")
            .column("day", "int", "day of the order")
            .partitionedBy("day");

    assertThat(catalog.words(other))
        .containsExactly(
            "say of the table: all that was bought", "say of column Id: the order's number");
  }

  @Test
  void partitionsGoInBatchesAndTheKnownOnesAreAltered() {
    catalog.put(ORDERS, entry(Map.of()));
    catalog.point(ORDERS, days(0, 1100, "first"));
    assertThat(metastore.calls)
        .endsWith("add_partitions 500", "add_partitions 500", "add_partitions 100");
    metastore.calls.clear();

    catalog.point(ORDERS, days(1000, 1200, "second"));

    assertThat(metastore.calls).containsExactly("add_partitions 200", "alter_partitions 100");
    assertThat(catalog.partitions(ORDERS))
        .hasSize(1200)
        .containsAll(days(0, 1000, "first"))
        .containsAll(days(1000, 1200, "second"));
    assertThat(metastore.calls)
        .endsWith("get_partitions 500", "get_partitions 500", "get_partitions 200");
  }

  @Test
  void anEntryMadeOfAnOlderOneIsRefused() {
    catalog.put(ORDERS, entry(Map.of()));
    Entry seen = catalog.find(ORDERS).orElseThrow();
    catalog.put(ORDERS, with(seen, "sluice.run.1", "one"));

    assertThatThrownBy(() -> catalog.put(ORDERS, with(seen, "sluice.run.2", "two")))
        .hasMessage(
            "Cannot change table shop.orders in the catalog: another run has changed it meanwhile."
                + " Run again")
        .asInstanceOf(type(SluiceException.class))
        .returns(ExitCode.CONFLICT, SluiceException::exitCode);

    assertThat(catalog.find(ORDERS).orElseThrow().parameters())
        .containsEntry("sluice.run.1", "one")
        .doesNotContainKey("sluice.run.2");
  }

  private static Entry with(Entry entry, String key, String value) {
    Map<String, String> parameters = new LinkedHashMap<>(entry.parameters());
    parameters.put(key, value);
    return new Entry(entry.columns(), entry.location(), parameters);
  }

  @Test
  void oneWhoSawNoTableDoesNotOverwriteTheOneMadeMeanwhile() {
    catalog.put(ORDERS, entry(Map.of("sluice.run.1", "one")));

    catalog.put(ORDERS, entry(Map.of()));

    assertThat(catalog.find(ORDERS).orElseThrow().parameters())
        .containsEntry("sluice.run.1", "one");
  }

  @Test
  void aCallWhoseAnswerIsLostIsNotMadeAgain() {
    catalog.put(ORDERS, entry(Map.of()));
    Entry seen = catalog.find(ORDERS).orElseThrow();
    metastore.loseTheAnswerTo("alter_table_req");

    assertThatThrownBy(() -> catalog.put(ORDERS, with(seen, "sluice.run.1", "one")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the connection was lost: ");

    assertThat(metastore.count("alter_table")).isEqualTo(1);
    assertThat(catalog.find(ORDERS).orElseThrow().parameters())
        .containsEntry("sluice.run.1", "one");
  }

  @Test
  void whatTheMetastoreRefusesIsTold() {
    Entry odd = new Entry(Map.of("Id", "interval", "day", "int"), ROOT, Map.of());

    assertThatThrownBy(() -> catalog.put(ORDERS, odd))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "Cannot register table shop.orders: the Hive Metastore answers"
                + " InvalidObjectException: Invalid column type: interval. Correct the declaration"
                + " if it names it, else see the metastore's log and run again");
  }

  @Test
  void droppingAPartitionLeavesItsFiles() {
    catalog.put(ORDERS, entry(Map.of()));
    catalog.point(ORDERS, days(0, 3, "first"));

    catalog.drop(ORDERS, days(1, 3, "first"));

    assertThat(metastore.calls).endsWith("drop_partition alone", "drop_partition alone");
    assertThat(catalog.partitions(ORDERS)).containsExactlyElementsOf(days(0, 1, "first"));
  }

  @Test
  void aTableThatTheCatalogHasAsIcebergIsRefused() {
    catalog.put(ORDERS, entry(Map.of("table_type", "ICEBERG")));

    assertThatThrownBy(() -> catalog.find(ORDERS))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "Cannot use table shop.orders: the catalog has it as an Iceberg table and the"
                + " declaration as parquet. Declare it as Iceberg, or write to a new table");
  }
}
