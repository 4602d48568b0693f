package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What only tables of plain files can get wrong. */
@SluiceTest
class FileTableTest {
  private static final String HEADER = "id,amount,region";
  private JobHarness job;

  @BeforeEach
  void inbox(JobHarness harness) {
    job = harness.set("inbox", harness.folder().toString());
    job.interval("2024-01-01/2024-02-01");
  }

  private static Table orders(TableFormat format) {
    return Table.of(format, "shop.orders")
        .column("id", "int")
        .column("amount", "double")
        .column("region", "string");
  }

  private JobResult run(Table table, String... lines) {
    return job.file("orders.csv", lines).run(Orders.into(table, Write.replacePartitions()));
  }

  private static String message(JobResult result) {
    return result.receipt().error().map(Receipt.Failure::message).orElseThrow();
  }

  @Test
  void filesOfAnotherFormatAreNotMixedIn() {
    run(orders(TableFormat.PARQUET).partitionedBy("region"), HEADER, "1,1.5,eu");
    job.interval("2024-02-01/2024-03-01");

    JobResult result = run(orders(TableFormat.AVRO).partitionedBy("region"), HEADER, "2,2.5,us");

    assertThat(message(result))
        .isEqualTo(
            "Cannot register table shop.orders: its files are parquet in the catalog and avro in"
                + " the declaration. Declare parquet again, or write to a new table");
    assertThat(result.receipt().exitCode()).contains(3);
  }

  static Stream<Arguments> partitioning() {
    Table whole = orders(TableFormat.ORC);
    Table parted = whole.partitionedBy("region");
    return Stream.of(
        Arguments.of("partitions that come", whole, parted),
        Arguments.of("partitions that go", parted, whole));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void partitioning(String name, Table before, Table after) {
    run(before, HEADER, "1,1.5,eu");
    job.interval("2024-02-01/2024-03-01");

    JobResult result = run(after, HEADER, "2,2.5,us");

    assertThat(message(result))
        .isEqualTo(
            "Cannot register table shop.orders: only one of catalog and declaration has"
                + " partitions. Declare them as they were, or write to a new table");
  }

  @Test
  void anEmptyTextIsNoPartition() {
    Table table = orders(TableFormat.PARQUET).partitionedBy("region");
    JobResult result =
        job.file("orders.csv", "id", "1")
            .run(
                Orders.making(table, rows -> rows.selectExpr("*", "1D AS amount", "'' AS region")));

    assertThat(message(result))
        .isEqualTo(
            "Cannot write to file://"
                + job.folder()
                + "/lake/shop/orders: a partition column holds the text '', which no folder's name"
                + " can tell from null. Filter or correct such rows, or use an Iceberg table");
    assertThat(result.receipt().exitCode()).contains(4);
    assertThat(result).publishedNothing();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"PARQUET, .zstd.parquet", "ORC, .zstd.orc", "AVRO, .avro"})
  void filesAreCompressedWithZstd(TableFormat format, String ending) throws IOException {
    run(orders(format), HEADER, "1,1.5,eu");

    Path folder = job.folder().resolve("lake/shop/orders");
    try (Stream<Path> all = Files.walk(folder)) {
      Path file = all.filter(path -> path.toString().endsWith(ending)).findAny().orElseThrow();
      if (format == TableFormat.AVRO) { // its files say so inside
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("zstandard");
      }
    }
  }

  @Test
  void orcKeepsInstantsOnlyInUtc() {
    Table table = orders(TableFormat.ORC).column("sold_at", "array<timestamp>");
    TimeZone usual = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    try {
      JobResult result = run(table, HEADER, "1,1.5,eu");

      assertThat(message(result))
          .isEqualTo(
              "Cannot use shop.orders in time zone Europe/Berlin: column 'sold_at' is"
                  + " array<timestamp>, which ORC files keep exactly only in UTC. Start the JVM with"
                  + " -Duser.timezone=UTC, or use another format: iceberg, delta, parquet, avro");
      assertThat(result.receipt().exitCode()).contains(2);
    } finally {
      TimeZone.setDefault(usual);
    }
  }
}
