package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Receipt;
import dev.sluice.runtime.engine.Rejected;
import dev.sluice.runtime.engine.Rejected.Reason;
import dev.sluice.runtime.engine.Replay;
import dev.sluice.runtime.route.RowLayout;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of rows that are rejected: where they lie, what they say, how they come back. */
@SluiceTest
class QuarantineTest {
  private static final String HEADER = "id,amount,region";
  private static final Sample JOB = Sample.into(Sample.ORDERS.key("id").checkedBy("orders_parted"));

  private JobHarness job;

  @BeforeEach
  void inbox(JobHarness harness) {
    job = harness.set("inbox", harness.folder().toString());
  }

  @Test
  void aRejectedRowSaysWhyAndWhereItCameFrom() {
    JobResult result = job.file("orders.csv", HEADER, "1,2.5,eu", "2,-1.0,eu").run(JOB);

    assertThat(result.receipt().rows()).contains(new Receipt.Rows(2, 1, 1, 0));
    Row rejected = result.quarantine().get(0);
    assertThat(JobResult.reasons(rejected)).containsExactly("amount-is-positive");
    assertThat(rejected.<String>getList(rejected.fieldIndex(RowLayout.TYPES)))
        .containsExactly("expect_column_values_to_be_between");
    assertThat(rejected.<String>getAs(RowLayout.SOURCE_FILE)).endsWith("/orders.csv");
    assertThat(rejected.<Long>getAs(RowLayout.SOURCE_POSITION)).isZero();
    assertThat(rejected.<String>getAs(RowLayout.SUITE)).isNotBlank();
    assertThat(rejected.<Object>getAs(RowLayout.TIME)).isNotNull();
  }

  @Test
  void everyCopyOfAKeyLeavesWithAllItsReasons() {
    String[] orders = {
      HEADER, "1,1.0,eu", "1,2.0,us", "1,-3.0,eu", "2,4.0,eu", "3,-5.0,us", "4,6.0,us"
    };
    JobResult result = job.file("orders.csv", orders).run(JOB);

    assertThat(result.receipt().error()).isEmpty();
    assertThat(result.receipt().rows()).contains(new Receipt.Rows(6, 2, 4, 0));
    assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(2, 4);
    assertThat(result.quarantine())
        .extracting(row -> row.getDouble(1) + " " + JobResult.reasons(row))
        .containsExactlyInAnyOrder(
            "1.0 [order-comes-once]",
            "2.0 [order-comes-once]",
            "-3.0 [amount-is-positive, order-comes-once]",
            "-5.0 [amount-is-positive]");
  }

  @Test
  void theFirstCopyStaysWhereTheSuiteSaysWhichThatIs() {
    String[] orders = {HEADER, "1,1.0,eu", "1,2.0,us", "1,-3.0,eu", "2,4.0,eu", "3,5.0,us"};
    Sample first = Sample.into(Sample.ORDERS.key("id").checkedBy("orders_first"));
    JobResult result = job.file("orders.csv", orders).run(first);

    assertThat(result.receipt().rows()).contains(new Receipt.Rows(5, 3, 2, 0));
    assertThat(result.rows())
        .extracting(row -> row.getDouble(1))
        .containsExactlyInAnyOrder(2.0, 4.0, 5.0);
    assertThat(result.quarantine())
        .extracting(row -> row.getDouble(1) + " " + JobResult.reasons(row))
        .containsExactlyInAnyOrder(
            "1.0 [order-comes-once]", "-3.0 [amount-is-positive, order-comes-once]");
  }

  @Test
  void aReportCountsReasonsAndShowsRows() {
    job.file("orders.csv", HEADER, "1,2.5,eu", "2,-1.0,eu", "3,3.0,eu", "4,-1.5,eu").run(JOB);

    Rejected.Report report = report();

    assertThat(report.quarantine()).isEqualTo("shop.orders_quarantine");
    assertThat(report.rows()).isEqualTo(2);
    Reason reason = report.reasons().get(0);
    assertThat(reason.id()).isEqualTo("amount-is-positive");
    assertThat(reason.rows()).isEqualTo(2);
    assertThat(reason.expectation().orElseThrow().at("/kwargs/min_value").asInt()).isZero();
    assertThat(reason.examples().get(0).get("amount").asDouble()).isNegative();
  }

  @Test
  void rowsThatPassNowArePublishedOnce() {
    String[] before = {HEADER, "1,2.5,eu", "2,-1.0,eu", "3,-2.0,eu", "4,3.0,us"};
    JobResult result = job.file("orders.csv", before).run(JOB);
    assertThat(result.receipt().rows()).contains(new Receipt.Rows(4, 2, 2, 0));
    job.file("orders.csv", HEADER, "1,2.5,eu", "2,1.0,eu", "3,-2.0,eu", "4,3.0,us");

    assertThat(Replay.run(job.request(JOB), JOB))
        .isEqualTo(new Replay.Outcome("load-orders+replay-1/shop.orders/all", 2, 1));
    assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(1, 2, 4);
    assertThat(report().replayed()).isEqualTo(1);

    assertThat(Replay.run(job.request(JOB), JOB).published()).isZero();
    assertThat(result.rows()).hasSize(3);
    assertThat(result.quarantine())
        .extracting(row -> row.getInt(0) + " " + row.<String>getAs(RowLayout.REPLAYED_BY))
        .containsExactlyInAnyOrder("2 load-orders+replay-1/shop.orders/all", "3 null");
  }

  @Test
  void copiesOfAKeyAreNotReplayedIntoTheTable() {
    JobResult result =
        job.file("orders.csv", HEADER, "1,1.0,eu", "1,2.0,us", "2,-4.0,eu", "3,5.0,us").run(JOB);
    assertThat(result.receipt().rows()).contains(new Receipt.Rows(4, 1, 3, 0));
    job.file("orders.csv", HEADER, "1,1.0,eu", "1,2.0,us", "2,4.0,eu", "3,5.0,us");

    assertThat(Replay.run(job.request(JOB), JOB).published()).isEqualTo(1);
    assertThat(result.rows()).extracting(row -> row.getInt(0)).containsExactlyInAnyOrder(2, 3);
  }

  @Test
  void aCopyWhoseFirstStayedIsNotCalledPublished() {
    Sample first = Sample.into(Sample.ORDERS.key("id").checkedBy("orders_first"));
    JobResult result =
        job.file("orders.csv", HEADER, "1,1.0,eu", "1,2.0,us", "3,5.0,us").run(first);
    assertThat(result.receipt().rows()).contains(new Receipt.Rows(3, 2, 1, 0));

    assertThat(Replay.run(job.request(first), first).published()).isZero();
    assertThat(result.quarantine())
        .extracting(row -> row.<String>getAs(RowLayout.REPLAYED_BY))
        .containsExactly((String) null);
  }

  @Test
  void whatARefusedRunRejectedIsNotReplayed() {
    job.file("orders.csv", HEADER, "1,-1.0,eu", "2,-2.0,eu", "3,3.0,eu").run(JOB);
    job.file("orders.csv", HEADER, "1,1.0,eu", "2,2.0,eu", "3,3.0,eu");

    assertThatThrownBy(() -> Replay.run(job.request(JOB), JOB))
        .hasMessage(
            "Cannot replay load-orders: no run has published load-orders/shop.orders/all, so there"
                + " is nothing to add to. Run the job");
  }

  private Rejected.Report report() {
    return Rejected.of(
        job.request(JOB),
        JOB,
        new Rejected.Selection(Optional.empty(), Rejected.Runs.OF_THE_INTERVAL, 1));
  }

  @Test
  void aTableWithoutAKeyIsNotReplayed() {
    Sample keyless = Sample.checkedBy("orders_parted");
    assertThatThrownBy(() -> Replay.run(job.request(keyless), keyless))
        .hasMessage(
            "Cannot replay load-orders: table shop.orders declares no key, so nobody can tell"
                + " which rows it has. Declare .key(…)");
  }
}
