package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.cli.Main;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tables that others have made and Sluice takes over. */
@SluiceTest
class ForeignTableTest {
  static final Table ORDERS =
      Table.iceberg("shop.orders")
          .describedAs("all that was bought")
          .column("id", "int", "number of the order")
          .column("amount", "double")
          .column("region", "string")
          .partitionedBy("region");

  JobHarness job;

  @BeforeEach
  void inbox(JobHarness harness) {
    job = harness.set("inbox", harness.folder().toString());
    job.interval("2024-01-01/2024-02-01");
  }

  /** The settings of the lake. */
  Map<String, String> lake() {
    return Map.of("lake.warehouse", job.folder().resolve("lake").toUri().toString());
  }

  JobResult append(Table table, Write write, String... lines) {
    return job.file("orders.csv", lines).run(Orders.into(table, write));
  }

  /** Spark by itself, in the catalog of the lake. */
  void spark(String... statements) {
    try (Lake open = Lake.open(lake())) {
      open.iceberg(); // the embedded catalog is made when a job first looks for it
      for (String statement : statements) {
        open.spark().sql(statement);
      }
    }
  }

  private void sparkMakesOrders() {
    spark(
        "CREATE NAMESPACE IF NOT EXISTS lake.shop",
        "CREATE TABLE lake.shop.orders (id INT COMMENT 'number of the order', amount DOUBLE,"
            + " region STRING) USING iceberg PARTITIONED BY (region)"
            + " COMMENT 'all that was bought'",
        "INSERT INTO lake.shop.orders VALUES (1, 1.5, 'eu'), (2, 2.5, 'us')");
  }

  /** What the command line prints; no job of this image writes the table. */
  String imported(String table) {
    List<String> words = new ArrayList<>(List.of("register", "--import", table));
    lake().forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.execute(words.toArray(String[]::new))).isZero();
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void itsDeclarationIsPrinted() {
    sparkMakesOrders();

    assertThat(imported("shop.orders"))
        .isEqualTo(
            """
            static final Table ORDERS =
                Table.iceberg("shop.orders")
                    .describedAs("all that was bought")
                    .column("id", "int", "number of the order")
                    .column("amount", "double")
                    .column("region", "string")
                    .partitionedBy("region");
            """);
  }

  @Test
  void itIsTakenOverAndWrittenTo() {
    sparkMakesOrders();
    Job orders = Orders.into(ORDERS, Write.append());

    List<String> planned = job.planRegistration(orders);

    assertThat(planned.get(0))
        .startsWith("take over table shop.orders at file:/")
        .endsWith(", made by others: its rows stay as they are");
    assertThat(job.register(orders).registered()).contains(planned);
    assertThat(job.register(orders).status()).isEqualTo(Status.ALREADY_COMMITTED);

    JobResult result = append(ORDERS, Write.append(), "id,amount,region", "3,3.5,eu");
    assertThat(result)
        .committed()
        .published("id,amount,region", "1,1.5,eu", "2,2.5,us", "3,3.5,eu");
    assertThat(append(ORDERS, Write.append(), "id,amount,region", "3,3.5,eu").receipt().status())
        .isEqualTo(Status.ALREADY_COMMITTED);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    sparkMakesOrders();
    Table other = Table.iceberg("shop.orders").column("id", "string").column("region", "string");

    var refused = job.register(Orders.into(other.partitionedBy("region"), Write.append()));

    assertThat(refused.exitCode()).contains(3);
    assertThat(refused.error().orElseThrow().message())
        .startsWith(
            "Cannot register table shop.orders: column 'id' is int in the catalog and string");
    assertThat(job.register(Orders.into(other, Write.append())).error().orElseThrow().message())
        .startsWith(
            "Cannot register table shop.orders: it is partitioned by region, and by nothing");
  }
}
