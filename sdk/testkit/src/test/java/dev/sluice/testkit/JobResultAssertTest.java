package dev.sluice.testkit;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ErrorKind;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What the assertions on runs let pass, and what they say otherwise. */
@SluiceTest
class JobResultAssertTest {
  private static final String HEADER = "id,amount,region";

  @Test
  void aRunThatCommits(JobHarness harness) {
    JobResult result =
        orders(harness, "100,-5,eu", "101,-5.50,us", "102,7,").run(Sample.checkedBy("positive"));
    JobResult again = harness.run(Sample.checkedBy("positive"));

    assertThat(result)
        .committed()
        .read(103)
        .filtered(0)
        .published(100)
        .quarantined(3)
        .because(2, "amount_positive")
        .because(1, "region_known")
        .rows("id,amount", "101,-5.5", "100,-5", "102,7");
    assertThat(again).alreadyCommitted();
    String story =
        """
        The run of load-orders ended COMMITTED:
          rows: read 103 = written 100 + quarantined 3 + filtered 0
          verdict of suite positive: PUBLISH
            fails: amount_positive in 2 rows
            fails: region_known in 1 rows
          quarantine: 3 rows {amount_positive=2, region_known=1}
        """;
    fails(
        () -> assertThat(result).as("orders").quarantined(2),
        "[orders] Expected 2 rows in quarantine.\n" + story,
        "    [amount_positive] id=100, amount=-5.0, region=eu");
    fails(
        () -> assertThat(result).quarantined(3).because("amount_positive"),
        "Expected every row in quarantine because of [amount_positive].\n" + story);
    fails(
        () -> assertThat(result).quarantined(3).because(1, "amount_positive"),
        "Expected 1 rows in quarantine because of amount_positive, but there are 2.\n" + story);
    fails(
        () -> assertThat(result).quarantined(3).rows("id", "100", "101", "103"),
        "Expected these rows in quarantine, by id:\n"
            + "  missing:    [103]\n"
            + "  unexpected: [102].\n"
            + story);
    fails(() -> assertThat(result).published(99), "Expected 99 rows published.\n" + story);
    fails(() -> assertThat(result).read(99), "Expected 99 rows read.\n" + story);
    fails(() -> assertThat(result).filtered(1), "Expected 1 rows filtered.\n" + story);
    fails(() -> assertThat(result).refused(), "Expected the run to end REFUSED.\n" + story);
    fails(() -> assertThat(result).failed(), "Expected the run to end FAILED.\n" + story);
    fails(
        () -> assertThat(result).publishedNothing(),
        "Expected no row in the table, but there are 100.\n" + story);
  }

  @Test
  void everyRowOfTheTableIsComparedWhateverItsOrder(JobHarness harness) {
    harness.file("orders.csv", HEADER, "1,2.50,eu", "2,,eu", "2,,eu", "3,1e3,\"u,s\"");
    JobResult result = harness.set("inbox", harness.folder().toString()).run(Sample.job());

    assertThat(result)
        .committed()
        .published("region, id, amount", "eu,2,", "\"u,s\",3,1000.0", "eu,1,2.5", "eu,2,")
        .quarantined(0);
    fails(
        () -> assertThat(result).published("id", "1", "2", "3", "4"),
        """
        Expected these rows in the table, by id:
          missing:    [4]
          unexpected: [2].
        The run of load-orders ended COMMITTED:
        """);
  }

  @Test
  void aRunThatIsRefused(JobHarness harness) {
    String[] bad = IntStream.range(0, 50).mapToObj(id -> id + ",-1,eu").toArray(String[]::new);
    JobResult result = orders(harness, bad).run(Sample.checkedBy("positive"));

    assertThat(result)
        .refused()
        .because("amount_positive fails in 50 rows (33.33 %), the limit is 5.00 %")
        .of(ErrorKind.CONTRACT)
        .exitCode(3)
        .publishedNothing()
        .quarantined(50)
        .because("amount_positive");
    String story =
        "The run of load-orders ended REFUSED:\n"
            + "  error: Cannot publish shop.orders: amount_positive fails in 50 rows";
    fails(() -> assertThat(result).committed(), "Expected the run to end COMMITTED.\n" + story);
    fails(
        () -> assertThat(result).refused().because("region_known"),
        "Expected the reason to hold 'region_known'.\n" + story);
    fails(
        () -> assertThat(result).refused().of(ErrorKind.DATA),
        "Expected an error of kind DATA.\n" + story);
    fails(
        () -> assertThat(result).refused().exitCode(4),
        "Expected exit code 4, but it is 3.\n" + story);
  }

  @Test
  void aRunThatFailsBeforeThereIsATable(JobHarness harness) {
    JobResult result = harness.set("inbox", "/no/such/folder").run(Sample.job());

    assertThat(result).failed().because("there is no file at").of(ErrorKind.SOURCE).exitCode(75);
    fails(
        () -> assertThat(result).committed(),
        "Expected the run to end COMMITTED.\nThe run of load-orders ended FAILED:\n",
        "  quarantine: 0 rows {}");
  }

  private static JobHarness orders(JobHarness harness, String... bad) {
    Stream<String> good = IntStream.range(0, 100).mapToObj(id -> id + ",1.5,eu");
    return harness
        .file(
            "orders.csv",
            Stream.of(Stream.of(HEADER), good, Stream.of(bad))
                .flatMap(lines -> lines)
                .toArray(String[]::new))
        .set("inbox", harness.folder().toString());
  }

  private static void fails(ThrowingCallable assertion, String start, String... more) {
    assertThatThrownBy(assertion)
        .isInstanceOf(AssertionError.class)
        .message()
        .startsWith(start)
        .satisfies(message -> Stream.of(more).forEach(m -> assertThat(message).contains(m)));
  }
}
