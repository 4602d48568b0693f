package dev.sluice.testkit;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import dev.sluice.model.Table;
import dev.sluice.quality.SuiteParser;
import dev.sluice.runtime.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code suite init} on a real lake and on files. */
@SluiceTest
class SuiteInitTest {
  private static final Table FILES =
      Table.parquet("shop.returns")
          .column("id", "int")
          .column("reason", "string")
          .column("day", "date")
          .partitionedBy("day");

  @Test
  void aSuiteIsProposedForATableAndHoldsForIt(JobHarness harness) {
    harness.given(Sample.ORDERS, "id,amount,region", orders());

    Standard done = init(harness, "shop.orders");

    assertThat(done.err())
        .contains("suite init: reading shop.orders\n")
        .containsPattern("suite init: \\d+ expectations from 40 rows and 3 columns in ");
    assertThat(done.exitCode()).isZero();
    assertThat(done.out()).contains("\"name\" : \"orders\"").contains("\"eu\", \"us\"");
    assertThat(
            SuiteRun.of(SuiteParser.parse(done.out(), "proposal"))
                .given(Sample.ORDERS, "id,amount,region", orders())
                .run())
        .holds()
        .publishes();
    assertThat(init(harness, "shop.orders").out()).isEqualTo(done.out());
  }

  @Test
  void tablesOfPlainFilesAreProfiledAsWell(JobHarness harness) {
    harness.given(FILES, "id,reason,day", returns());

    Standard done = init(harness, "shop.returns");

    assertThat(done.exitCode()).isZero();
    assertThat(done.out())
        .contains("\"value_set\" : [ \"broken\", \"late\" ]")
        .contains("\"min_value\" : \"2024-01-01\"");
  }

  @Test
  void aTableThatIsNotThereIsLookedUpByItsNearestName(JobHarness harness) {
    harness.given(Sample.ORDERS, "id,amount,region", orders()).given(FILES, "id,day", returns2());

    Standard done = init(harness, "shop.order");

    assertThat(done.exitCode()).isEqualTo(2);
    assertThat(done.err())
        .endsWith(
            "Cannot read table 'shop.order': the lake at file://"
                + harness.folder()
                + "/lake does not have it. Did you mean 'shop.orders'? Known: shop.orders,"
                + " shop.returns, sluice.receipts. Correct the name, or run the job that writes it"
                + " first\n");
    assertThat(init(harness, "Shop Orders").err()).contains("Cannot read table 'Shop Orders':");
  }

  @Test
  void aTableWithoutRowsIsRefused(JobHarness harness) {
    harness.given(Sample.ORDERS, "id,amount,region");

    Standard done = init(harness, "shop.orders");

    assertThat(done.exitCode()).isEqualTo(4);
    assertThat(done.err())
        .endsWith(
            "Cannot propose a suite for orders: it has no rows. Fill it first, or profile another"
                + " table\n");
  }

  @Test
  void aFileThatIsThereIsNotOverwritten(JobHarness harness) throws IOException {
    Path csv = harness.file("Raw Orders.csv", csv("id,amount,region", orders())).folder();
    Path suite = harness.folder().resolve("suites/orders.json");
    String[] command = {
      "--csv", csv.resolve("Raw Orders.csv").toString(), "--output", suite.toString()
    };

    assertThat(init(harness, command).exitCode()).isZero();
    String first = Files.readString(suite);
    Standard again = init(harness, command);

    assertThat(first).contains("\"name\" : \"Raw Orders\"");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err())
        .isEqualTo(
            "Cannot write the suite to "
                + suite
                + ": the file exists, and may have been edited. Choose another --output, or add"
                + " --force\n");
    List<String> forced = new ArrayList<>(List.of(command));
    forced.addAll(List.of("--force", "--rows", "25", "--name", "some"));
    Standard last = init(harness, forced.toArray(String[]::new));
    assertThat(last.exitCode()).isZero();
    assertThat(last.out()).isEmpty();
    JsonNode written = Json.mapper().readTree(Files.readString(suite));
    assertThat(written.get("name").asText()).isEqualTo("some");
    assertThat(written.get("notes").get(0).asText())
        .startsWith("Proposed from a sample of 25 rows.");
  }

  @Test
  void missingValuesOfAFileMayHaveATextOfTheirOwn(JobHarness harness) {
    String[] rows =
        IntStream.range(0, 40).mapToObj(i -> i % 4 == 0 ? "NA" : "" + i).toArray(String[]::new);
    Path csv = harness.file("n.csv", csv("n", rows)).folder().resolve("n.csv");

    Standard done = init(harness, "--csv", csv.toString(), "--null-value", "NA");

    assertThat(done.out()).contains("10 of 40 rows were null (25.00 %)").contains("IntegerType");
  }

  @Test
  void wrongCommandsSayWhatIsWrong(JobHarness harness) {
    assertThat(init(harness, "--csv", "/no/such.csv").err())
        .endsWith("Cannot read /no/such.csv: there is no such file. Correct --csv\n");
    assertThat(init(harness, "shop.orders", "--rows", "0").err())
        .endsWith("Cannot look at 0 rows: give --rows 1 or more\n");
    assertThat(init(harness, "shop.orders", "--csv", "x.csv").err())
        .startsWith("Cannot read the command line: ");
    assertThat(init(harness).err()).startsWith("Cannot read the command line: ");
    assertThat(init(harness, "--job", "no-such-job").err())
        .endsWith(
            "Cannot run job 'no-such-job': this image does not have it. There is none to choose"
                + " from\n");
    Standard bare = Standard.of(() -> Main.execute("suite"));
    assertThat(bare.exitCode()).isEqualTo(2);
    assertThat(bare.out()).contains("init").contains("proposes a suite");
  }

  private static Standard init(JobHarness harness, String... more) {
    List<String> command = new ArrayList<>(List.of("suite", "init"));
    command.addAll(List.of(more));
    command.addAll(List.of("--set", "lake.warehouse=" + harness.folder().resolve("lake").toUri()));
    command.addAll(List.of("--set", "spark.cores=2"));
    return Standard.of(() -> Main.execute(command.toArray(String[]::new)));
  }

  private static String[] orders() {
    return IntStream.range(0, 40)
        .mapToObj(id -> id + "," + id * 2.5 + "," + (id % 3 == 0 ? "us" : "eu"))
        .toArray(String[]::new);
  }

  private static String[] returns() {
    return IntStream.range(0, 40)
        .mapToObj(id -> id + "," + (id % 3 == 0 ? "late" : "broken") + ",2024-02-0" + (1 + id % 2))
        .toArray(String[]::new);
  }

  private static String[] returns2() {
    return new String[] {"1,2024-02-01"};
  }

  private static String[] csv(String header, String... rows) {
    List<String> lines = new ArrayList<>(List.of(header));
    lines.addAll(List.of(rows));
    return lines.toArray(String[]::new);
  }
}
