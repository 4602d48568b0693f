package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.spi.Guard;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each guard is off in turn, and its row of the fault matrix must find out; else the row proves
 * nothing.
 */
@Tag("long")
@SluiceTest
class GuardTest {
  private final IcebergFaultTest rows = new IcebergFaultTest();
  private JobHarness job;

  @BeforeEach
  void begin(JobHarness harness) {
    job = harness;
    rows.inbox(harness);
  }

  @AfterEach
  void allHold() {
    System.clearProperty(Guard.PROPERTY);
  }

  private static void off(Guard guard) {
    System.setProperty(Guard.PROPERTY, guard.word());
  }

  private static void breaks(Guard guard, ThrowingCallable row, String... found) {
    off(guard);
    assertThatThrownBy(row).isInstanceOf(AssertionError.class).hasMessageContainingAll(found);
  }

  @Test
  void withoutTheLedgerAtTheCommitTwoRunsAppendTwice() {
    breaks(Guard.LEDGER_AT_COMMIT, rows::ofTwoAtOnceOneAppends, "missing:    []", "3,3.5,eu");
  }

  @Test
  void withoutTheRunKeyInTheCommitNobodyKnowsWhatAKilledRunHasDone() {
    breaks(Guard.RUN_KEY_IN_COMMIT, rows::aRunIsKilledAfterItsCommit, "the ledger has the run");
  }

  @Test
  void withoutItsBaseAMergeLeavesAKeyTwice() {
    breaks(Guard.MERGE_BASE, rows::aMergeIsDoneAgainOnWhatAnotherHasPublished, "3,9.5,us");
  }

  @Test
  void withoutPinsRowsArePublishedThatNoFileHolds() {
    breaks(Guard.PINS, rows::aFileThatChangesMeanwhileEndsTheRun, "missing:    [1,1.5,eu]");
  }

  @Test
  void withoutTheBalanceRowsAreLostInSilence() {
    Job loses =
        Orders.making(Table.iceberg("shop.ids").column("id", "int"), rows -> rows.where("id > 1"));
    job.interval("2024-01-01/2024-02-01").file("orders.csv", "id", "1", "2");
    assertThat(job.run(loses)).refused();

    off(Guard.BALANCE);

    JobResult lost = job.run(loses);
    assertThat(lost).committed().published("id", "2");
    Assertions.assertThat(lost.receipt().rows()).get().returns(false, Receipt.Rows::balanced);
  }
}
