package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.api.Database;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.SerDeInfo;
import org.apache.hadoop.hive.metastore.api.StorageDescriptor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The same where a Hive Metastore has the tables, which may be of files as well. */
@SluiceTest
@EnabledIfEnvironmentVariable(named = TestCatalog.HIVE_URI, matches = ".+")
class ForeignHiveTableTest extends ForeignTableTest {
  private static final String HIVE = "org.apache.hadoop.hive.ql.io.parquet.";
  private static final Table FILES =
      Table.parquet("shop.orders")
          .describedAs("all that was bought")
          .column("id", "int", "number of the order")
          .column("amount", "double")
          .column("region", "string")
          .partitionedBy("region");

  @BeforeEach
  void catalog() {
    TestCatalog.HIVE.keep(job);
  }

  @Override
  Map<String, String> lake() {
    Map<String, String> all = new HashMap<>(super.lake());
    all.putAll(TestCatalog.HIVE.settings());
    return all;
  }

  /** Plain Spark writes the files, and Hive's own client makes the table. */
  private void othersMakeOrders(Path folder, String key, String type, String... values)
      throws Exception {
    String root = folder.toUri().toString().replaceAll("/$", "");
    try (Lake open = Lake.open(lake())) {
      for (int i = 0; i < values.length; i++) {
        open.spark()
            .sql(String.format("SELECT %d AS id, %d.5D AS amount", i + 1, i + 1))
            .write()
            .parquet(root + "/" + key + "=" + values[i]);
      }
    }
    try (HiveMetaStoreClient hive = metastore()) {
      String namespace = job.folder().resolve("theirs").toUri().toString();
      hive.createDatabase(new Database("shop", "", namespace, Map.of()));
      var made = new org.apache.hadoop.hive.metastore.api.Table();
      made.setDbName("shop");
      made.setTableName("orders");
      made.setTableType("EXTERNAL_TABLE");
      made.setParameters(
          new HashMap<>(Map.of("EXTERNAL", "TRUE", "comment", "all that was bought")));
      made.setPartitionKeys(List.of(new FieldSchema(key, type, null)));
      made.setSd(storage(root));
      hive.createTable(made);
      List<Partition> partitions = new ArrayList<>();
      for (String value : values) {
        Partition partition = new Partition();
        partition.setDbName("shop");
        partition.setTableName("orders");
        partition.setValues(List.of(value));
        partition.setParameters(new HashMap<>());
        partition.setSd(storage(root + "/" + key + "=" + value));
        partitions.add(partition);
      }
      hive.add_partitions(partitions);
    }
  }

  private static HiveMetaStoreClient metastore() throws Exception {
    Configuration settings = new Configuration();
    settings.set("hive.metastore.uris", System.getenv(TestCatalog.HIVE_URI));
    return new HiveMetaStoreClient(settings);
  }

  private static StorageDescriptor storage(String location) {
    StorageDescriptor storage = new StorageDescriptor();
    storage.setCols(
        List.of(
            new FieldSchema("id", "int", "number of the order"),
            new FieldSchema("amount", "double", null)));
    storage.setLocation(location);
    storage.setInputFormat(HIVE + "MapredParquetInputFormat");
    storage.setOutputFormat(HIVE + "MapredParquetOutputFormat");
    storage.setSerdeInfo(
        new SerDeInfo(null, HIVE + "serde.ParquetHiveSerDe", new HashMap<>(Map.of("a", "1"))));
    storage.setParameters(new HashMap<>());
    storage.setBucketCols(new ArrayList<>());
    storage.setSortCols(new ArrayList<>());
    storage.setNumBuckets(-1);
    return storage;
  }

  private Path theirs() {
    return job.folder().resolve("theirs/orders");
  }

  private static String message(Receipt receipt) {
    return receipt.error().orElseThrow().message();
  }

  @Test
  void filesHaveADeclarationToo() throws Exception {
    othersMakeOrders(theirs(), "region", "string", "eu", "us");

    assertThat(imported("shop.orders"))
        .isEqualTo(
            """
            static final Table ORDERS =
                Table.parquet("shop.orders")
                    .describedAs("all that was bought")
                    .column("id", "int", "number of the order")
                    .column("amount", "double")
                    .column("region", "string")
                    .partitionedBy("region");
            """);
  }

  @Test
  void filesAreTakenOverAndReplacedByPartitions() throws Exception {
    othersMakeOrders(theirs(), "region", "string", "eu", "us");
    Job orders = Orders.into(FILES, Write.replacePartitions());

    Receipt done = job.register(orders);

    assertThat(done.registered().orElseThrow())
        .containsExactly(
            "take over table shop.orders at file://"
                + theirs()
                + ", made by others: 2 partitions stay as they are");
    assertThat(job.register(orders).status()).isEqualTo(Status.ALREADY_COMMITTED);
    JobResult result = append(FILES, Write.replacePartitions(), "id,amount,region", "3,3.5,eu");
    assertThat(result).committed().published("id,amount,region", "2,2.5,us", "3,3.5,eu");
    try (HiveMetaStoreClient hive = metastore()) {
      assertThat(hive.getPartition("shop", "orders", List.of("eu")).getParameters())
          .containsEntry("numRows", "1");
    }
    assertThat(theirs().resolve("region=eu")).as("their files stay").isNotEmptyDirectory();
    assertThat(job.register(orders).status()).isEqualTo(Status.ALREADY_COMMITTED);
  }

  @Test
  void foldersThatARunWouldNameOtherwiseAreRefused() throws Exception {
    othersMakeOrders(theirs(), "month", "int", "01");
    Table table =
        Table.parquet("shop.orders")
            .column("id", "int")
            .column("amount", "double")
            .column("month", "int")
            .partitionedBy("month");

    assertThat(message(job.register(Orders.into(table, Write.replacePartitions()))))
        .isEqualTo(
            "Cannot take over table shop.orders: the folder of partition 01 is file://"
                + theirs()
                + "/month=01, and a run would call it month=1. Write to a new table");
  }

  @Test
  void filesWhereRunsWouldStageTheirsAreRefused() throws Exception {
    Path own = job.folder().resolve("lake/shop/orders");
    othersMakeOrders(own, "region", "string", "eu");

    assertThat(message(job.register(Orders.into(FILES, Write.replacePartitions()))))
        .isEqualTo(
            "Cannot take over table shop.orders: it lies at file://"
                + own
                + ", and runs would write below file://"
                + own
                + ", where its readers find rows before they are published. Set lake.warehouse to"
                + " another place, or write to a new table");
  }
}
