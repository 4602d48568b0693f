package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bit that turns over in a page of a table's file is found by whoever reads the table. */
@SluiceTest
class ChecksumTest {
  private static final String HEADER = "id,note";
  private static final String NOTE = "zebra-of-the-north";

  private JobHarness job;

  @BeforeEach
  void inbox(JobHarness harness) {
    job = harness.set("inbox", harness.folder().toString());
  }

  private static Table table(TableFormat format, String name) {
    return Table.of(format, name).column("id", "int").column("note", "string");
  }

  private JobResult written(Table table) {
    job.file("orders.csv", HEADER, "1," + NOTE);
    return job.interval(FormatContract.interval(1)).run(Orders.into(table, Write.replaceTable()));
  }

  @ParameterizedTest
  @EnumSource(names = {"ICEBERG", "DELTA", "PARQUET"})
  void aBitThatTurnedOverEndsTheRun(TableFormat format) throws IOException {
    Table orders = table(format, "shop.orders");
    assertThat(written(orders)).committed().published(1);
    Path file = turnOneBitOver();
    // Nothing but the checksum tells: without it, another value is read and nobody is the wiser.
    assertThat(readWithoutChecksums(file)).singleElement().isNotEqualTo(NOTE);

    JobResult result = job.run(new Copies(orders, table(format, "shop.copies")));

    assertThat(result)
        .refused()
        .of(ErrorKind.DATA)
        .exitCode(4)
        .because(file.getFileName() + ": it is corrupt or cut short (")
        .because("CRC checksum verification failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spark.sql.files.ignoreCorruptFiles=true",
        "spark.sql.files.ignoreMissingFiles=true",
        "parquet.page.verify-checksum.enabled=false",
        "parquet.page.write-checksum.enabled=false"
      })
  void whatTurnsThatOffIsRefused(String setting) {
    String key = setting.replaceFirst("=.*", "");
    String value = setting.replaceFirst(".*=", "");
    Orders orders =
        Orders.making(
            table(TableFormat.PARQUET, "shop.orders"),
            rows -> {
              rows.sparkSession().conf().set(key, value);
              return rows.selectExpr("id", "'x' AS note");
            });
    job.file("orders.csv", "id", "1");

    JobResult result = job.interval(FormatContract.interval(1)).run(orders);

    assertThat(result)
        .failed()
        .of(ErrorKind.CONFIG)
        .exitCode(2)
        .because("Cannot run load-orders: it sets " + key + " to " + value + ", and what is");
  }

  @Test
  void aFileThatIsNoneIsNotLeftOut() throws IOException {
    Table orders = table(TableFormat.PARQUET, "shop.orders");
    written(orders);
    Files.writeString(file().resolveSibling("part-other.parquet"), "not Parquet");

    JobResult result = job.run(new Copies(orders, table(TableFormat.PARQUET, "shop.copies")));

    assertThat(result)
        .refused()
        .of(ErrorKind.DATA)
        .because("part-other.parquet: it is corrupt or cut short (");
  }

  /** In the page itself, which lies before the statistics that hold the same text. */
  private Path turnOneBitOver() throws IOException {
    Path file = file();
    byte[] bytes = Files.readAllBytes(file);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(NOTE);
    assertThat(at).isPositive();
    bytes[at] ^= 1;
    Files.write(file, bytes);
    // Hadoop's own sum of a local file, which no other storage has.
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    return file;
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.walk(job.folder().resolve("lake/shop/orders"))) {
      List<Path> found =
          files
              .filter(path -> path.toString().endsWith(".parquet"))
              .filter(path -> !path.getFileName().toString().startsWith("."))
              .toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  private List<String> readWithoutChecksums(Path file) {
    Map<String, String> lake =
        Map.of("lake.warehouse", job.folder().resolve("lake").toUri().toString());
    try (Lake open = Lake.open(lake)) {
      SparkSession spark = open.spark();
      return spark
          .read()
          .option("parquet.page.verify-checksum.enabled", "false")
          .parquet(file.toString())
          .select("note")
          .as(Encoders.STRING())
          .collectAsList();
    }
  }
}
