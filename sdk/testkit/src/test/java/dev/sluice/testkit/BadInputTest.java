package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run says, and how it ends, when what it is given is wrong. */
@SluiceTest
class BadInputTest {
  private static final String HEADER = "id,amount,region";
  private JobHarness job;

  @BeforeEach
  void inbox(JobHarness harness) {
    job = harness.set("inbox", harness.folder().toString());
  }

  @Test
  void missingFile() {
    failsWith(
        Sample.job(),
        ErrorKind.SOURCE,
        75,
        "Cannot read orders: there is no file at "
            + job.folder()
            + "/orders.csv. Put the file there or correct the setting that names it");
  }

  @Test
  void emptyFile() {
    job.file("orders.csv");
    failsWith(
        Sample.job(),
        ErrorKind.DATA,
        4,
        "Cannot read orders: file:"
            + job.folder()
            + "/orders.csv is empty, it has not even a header. Deliver the file again");
  }

  @Test
  void renamedHeader() {
    job.file("orders.csv", "id,amuont,region", "1,2.0,eu");
    failsWith(
        Sample.job(),
        ErrorKind.CONTRACT,
        3,
        "Cannot read orders: the header of file:"
            + job.folder()
            + "/orders.csv has no column 'amount'. Did you mean 'amuont'? Known: id, amuont,"
            + " region. Correct the file, or declare the column by its new name");
  }

  @Test
  void columnOfTheWrongType() {
    job.file("orders.csv", HEADER, "1,two,eu", "2,3.0,eu");
    failsWith(
        Sample.job(),
        ErrorKind.DATA,
        4,
        "Cannot publish shop.orders: 1 of 2 rows (50.00 %) could not be read, the limit is 5.00"
            + " %. Nothing was published; look at shop.orders_quarantine and the receipt, then"
            + " correct the input or the suite");
  }

  @Test
  void aFewRowsOfTheWrongTypeLeaveTheRestAlone() {
    String[] good = IntStream.range(0, 99).mapToObj(id -> id + ",1.5,eu").toArray(String[]::new);
    job.file("orders.csv", lines(good, "x,1.5,eu"));
    JobResult result = job.run(Sample.job());
    assertThat(result.receipt().error()).isEmpty();
    assertThat(result.receipt().rows()).contains(new Receipt.Rows(100, 99, 1, 0));
  }

  @Test
  void aPartitionsValueLeadsNowhere() throws IOException {
    Table files =
        Table.parquet("shop.orders")
            .column("id", "int")
            .column("amount", "double")
            .column("region", "string")
            .partitionedBy("region");
    String[] regions = {"../../../out", "..", "%2e%2e%2fout", "/etc", "a/../b"};
    String[] orders =
        IntStream.range(0, regions.length)
            .mapToObj(id -> id + ",1.5," + regions[id])
            .toArray(String[]::new);
    job.file("orders.csv", lines(orders));
    JobResult result = job.run(Sample.into(files));

    assertThat(result.receipt().error()).isEmpty();
    assertThat(result.rows())
        .extracting(row -> row.getString(2))
        .containsExactlyInAnyOrder(regions);
    try (Stream<Path> all = Files.walk(job.folder().resolve("lake/shop/orders"))) {
      assertThat(all.filter(file -> file.toString().endsWith(".parquet"))).hasSize(regions.length);
    }
  }

  @Test
  void jobThatTheImageLacks() {
    assertThatThrownBy(() -> Jobs.of(List.of(Sample.job())).get("load-order"))
        .hasMessage(
            "Cannot run job 'load-order': this image does not have it. Did you mean 'load-orders'?"
                + " Known: load-orders")
        .asInstanceOf(type(SluiceException.class))
        .returns(ErrorKind.CONFIG, SluiceException::kind)
        .returns(ExitCode.CONFIGURATION, SluiceException::exitCode);
  }

  @Test
  void unknownSetting() {
    failsWith(
        job.set("inbx", "/tmp"),
        Sample.job(),
        ErrorKind.CONFIG,
        2,
        "Cannot use setting 'inbx' of --set: nobody knows it. Did you mean 'inbox'? Known: inbox,"
            + " lake.audit-log, lake.catalog, lake.catalog.uri, lake.delta.single-writer,"
            + " lake.glue.endpoint, lake.glue.partition-index, lake.glue.versions, lake.hive.uri,"
            + " lake.keys, lake.keys.keystore, lake.keys.password, lake.kms.endpoint,"
            + " lake.longest-run, lake.quarantine-kept, lake.region, lake.rest.credential,"
            + " lake.rest.oauth2-uri, lake.rest.scope, lake.rest.token, lake.rest.uri,"
            + " lake.rest.warehouse, lake.s3.endpoint, lake.s3.kms-key, lake.s3.path-style,"
            + " lake.warehouse, metrics.port, metrics.statsd, security.plaintext, spark.cores,"
            + " spark.event-log, spark.event-log-kept, spark.executor-cpu, spark.executor-memory,"
            + " spark.executor-wait, spark.scale, spark.shuffle-partitions, spark.ui-port");
  }

  @Test
  void missingSetting(JobHarness same) {
    JobHarness bare = new JobHarness();
    failsWith(
        bare,
        Sample.job(),
        ErrorKind.CONFIG,
        2,
        "Cannot find setting 'inbox': searched the defaults, the environment (SLUICE_INBOX),"
            + " --set. Add --set inbox=… or set SLUICE_INBOX");
    bare.close();
  }

  @Test
  void suiteWithAMisspeltColumn() {
    failsWith(
        Sample.checkedBy("misspelt_column"),
        ErrorKind.CONFIG,
        2,
        "Cannot use suite misspelt_column on these columns:\n"
            + "  column_values_to_not_be_null.amuont: column 'amuont' does not exist. Did you mean"
            + " 'amount'? Known: id, amount, region\n"
            + "Correct the suite");
  }

  @Test
  void suiteWithAnUnknownExpectation() {
    failsWith(
        Sample.checkedBy("unknown_expectation"),
        ErrorKind.CONFIG,
        2,
        "Cannot use suite unknown_expectation: 1 violation.\n"
            + "  /expectations/0/type (line 2, column 12): unknown expectation 'expect_column_values_to_be_uniqe'."
            + " Did you mean 'expect_column_values_to_be_unique'?\n"
            + "Correct it and run check-suite");
  }

  @Test
  void suiteWithAWrongArgument() {
    failsWith(
        Sample.checkedBy("wrong_argument"),
        ErrorKind.CONFIG,
        2,
        """
        Cannot use suite wrong_argument: 1 violation.
          /expectations/0/kwargs/mostly (line 2, column 88): 1.5 is not less or equal to 1
        Correct it and run check-suite""");
  }

  @Test
  void suiteThatIsWrongInEveryWay() {
    failsWith(
        Sample.checkedBy("many_violations"),
        ErrorKind.CONFIG,
        2,
        "Cannot use suite many_violations: 3 violations.\n"
            + "  /expectations/0/type (line 2, column 12): unknown expectation 'expect_column_values_to_not_be_nul'."
            + " Did you mean 'expect_column_values_to_not_be_null'?\n"
            + "  /expectations/1/kwargs/min_valeu (line 3, column 77): unknown kwarg 'min_valeu'. Did"
            + " you mean 'min_value'?\n"
            + "  /expectations/2/kwargs (line 4, column 61): required key [column] not found\n"
            + "Correct them and run check-suite");
  }

  @Test
  void suiteThatIsNoJson() {
    JobResult result = job.run(Sample.checkedBy("no_json"));
    assertThat(result.receipt().error().orElseThrow().message())
        .startsWith("Cannot read suite no_json: not valid JSON at line 3, column ")
        .endsWith(". Correct the file");
    assertThat(result.receipt().exitCode()).contains(2);
  }

  @Test
  void lakeThatCannotBeWritten() {
    job.file("orders.csv", HEADER, "1,2.0,eu").file("notafolder", "x");
    JobResult result =
        job.set("lake.warehouse", job.folder().resolve("notafolder/lake").toUri().toString())
            .run(Sample.job());
    assertThat(result.receipt().exitCode()).contains(2);
    assertThat(result.receipt().error().orElseThrow().message())
        .startsWith("Cannot write to the lake at file://" + job.folder() + "/notafolder/lake: ")
        .endsWith(
            ". Give this user the right to write there, or set lake.warehouse to another place");
  }

  @ParameterizedTest
  @CsvSource({
    "glue, lake.glue.endpoint, http://127.0.0.1:9",
    "hive, lake.hive.uri, thrift://127.0.0.1:9",
    "rest, lake.rest.uri, http://127.0.0.1:9"
  })
  void catalogThatDoesNotAnswer(String catalog, String setting, String address) {
    JobResult result = job.set("lake.catalog", catalog).set(setting, address).run(Sample.job());
    assertThat(result.receipt().exitCode()).contains(75);
    assertThat(result.receipt().error().orElseThrow())
        .satisfies(
            error -> {
              assertThat(error.kind()).isEqualTo(ErrorKind.INFRA);
              assertThat(error.retryable()).isTrue();
              assertThat(error.message())
                  .startsWith("Cannot reach catalog " + catalog + " at " + address + ": ")
                  .endsWith(
                      ". Check the lake.* settings, the network and the credentials, then run"
                          + " again");
            });
  }

  @Test
  void addressWithoutTls() {
    job.set("lake.catalog", "rest").set("lake.rest.uri", "http://catalog.invalid");
    failsWith(
        Sample.job(),
        ErrorKind.CONFIG,
        2,
        "Cannot use lake.rest.uri: it reaches catalog.invalid without TLS. Use https://, or name"
            + " that host in security.plaintext where nobody else listens");

    JobResult named = job.set("security.plaintext", "catalog.invalid").run(Sample.job());

    assertThat(named.receipt().exitCode()).contains(75);
    assertThat(named.receipt().error().orElseThrow().message())
        .startsWith("Cannot reach catalog rest at http://catalog.invalid: ");
  }

  @Test
  void tableOfFilesInACatalogThatHasNone() {
    failsWith(
        job.set("lake.catalog", "rest").set("lake.rest.uri", "http://127.0.0.1:9"),
        Sample.into(Table.parquet("shop.orders").column("id", "int")),
        ErrorKind.CONFIG,
        2,
        "Cannot use table shop.orders: its files are parquet, and catalog rest has Iceberg tables"
            + " only. Set lake.catalog to embedded, glue or hive, or declare the table as Iceberg");
  }

  @Test
  void jobThatThrows() {
    job.file("orders.csv", HEADER, "1,2.0,eu");
    JobResult result =
        job.run(
            Sample.doing(
                rows -> {
                  throw new IllegalStateException("no idea what to do");
                }));
    Receipt.Failure error = result.receipt().error().orElseThrow();
    assertThat(result.receipt().exitCode()).contains(70);
    assertThat(error.message())
        .isEqualTo(
            "Cannot run load-orders: its extract threw IllegalStateException: no idea what to do."
                + " Correct the job");
    assertThat(error.stack())
        .isNotEmpty()
        .allSatisfy(frame -> assertThat(frame).startsWith("dev.sluice.testkit."));
  }

  @Test
  void rowsLostInASilentFilter() {
    job.file("orders.csv", HEADER, "1,2.0,eu", "2,3.0,us");
    failsWith(
        Sample.doing(rows -> rows.where("id > 1")),
        ErrorKind.CONTRACT,
        3,
        "Cannot publish shop.orders: 2 rows of 'orders' were read, but 1 written + 0 quarantined +"
            + " 0 filtered are 1. Drop rows through run.filter(…), keep joins from repeating them,"
            + " or declare .changesGrain()");
  }

  @Test
  void columnsThatTheTableDoesNotHave() {
    failsWith(
        Sample.doing(rows -> rows.withColumnRenamed("amount", "price")),
        ErrorKind.CONTRACT,
        3,
        "Cannot write shop.orders: column 'amount' is missing. Known: id, price, region,"
            + " _sluice_raw; column 'price' is not declared by the table. Correct the job or the"
            + " declaration of its target");
  }

  @Test
  void columnWithAnotherTypeInTheCatalog() {
    job.file("orders.csv", HEADER, "1,2.0,eu").run(Sample.job());
    Table changed =
        Table.iceberg("shop.orders")
            .column("id", "string")
            .column("amount", "double")
            .column("region", "string")
            .partitionedBy("region");
    job.file("orders.csv", HEADER, "1,2.0,us").set("inbox", job.folder() + "/.");
    JobResult result = job.interval("2013-01-01/2013-02-01").run(new Monthly(changed));
    assertThat(result.receipt().error().orElseThrow().message())
        .isEqualTo(
            "Cannot register table shop.orders: column 'id' is int in the catalog and string in"
                + " the declaration. Declare int again, or write to a new table");
    assertThat(result.receipt().exitCode()).contains(3);
  }

  private void failsWith(Job failing, ErrorKind kind, int exitCode, String message) {
    failsWith(job, failing, kind, exitCode, message);
  }

  private static void failsWith(
      JobHarness harness, Job failing, ErrorKind kind, int exitCode, String message) {
    Receipt receipt = harness.run(failing).receipt();
    Receipt.Failure error = receipt.error().orElseThrow();
    assertThat(error.message()).isEqualTo(message);
    assertThat(error.kind()).isEqualTo(kind);
    assertThat(receipt.exitCode()).contains(exitCode);
    assertThat(receipt.status()).isIn(Status.FAILED, Status.REFUSED);
  }

  private static String[] lines(String[] good, String... bad) {
    return Stream.of(Stream.of(HEADER), Stream.of(good), Stream.of(bad))
        .flatMap(lines -> lines)
        .toArray(String[]::new);
  }
}
