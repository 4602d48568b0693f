package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Capability;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.engine.Runs;
import dev.sluice.runtime.spi.FailPoint;
import dev.sluice.runtime.spi.FailPoint.Action;
import dev.sluice.testkit.CrashedRun;
import dev.sluice.testkit.JobResult;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every table promises when a run dies, or another one is faster: processes are really killed.
 */
abstract class FaultContract extends FormatContract {
  static final String[] BEFORE = {"1,1.5,eu", "2,2.5,us"};
  static final String[] AFTER = {"2,2.5,us", "3,3.5,eu", "4,4.5,asia"};
  private static final String[] LINES = {"3,3.5,eu", "4,4.5,asia"};
  private static final String BAD = "5,-1,us";

  FaultContract(TableFormat format) {
    super(format);
  }

  /** How many rows of a delivery are bad, where those have a place to go to. */
  int rejected() {
    return 1;
  }

  /** What is published of a run that was killed between its pointers. */
  String[] publishedBetweenPointers() {
    return BEFORE;
  }

  private String[] lines() {
    return Stream.concat(Stream.of(LINES), Stream.of(BAD).limit(rejected())).toArray(String[]::new);
  }

  /** Jobs of classes whose instances another process can make. */
  abstract Job replaces();

  abstract Job appends();

  abstract Job merges();

  static Table orders(TableFormat format) {
    return Table.of(format, "shop.orders")
        .column("id", "int")
        .column("amount", "double")
        .column("region", "string")
        .partitionedBy("region")
        .key("id")
        .checkedBy("mostly_positive");
  }

  @Test
  @Tag("one-format")
  void aRunIsKilledWhileItWrites() {
    isKilledAndRunsAgain(FailPoint.WRITING);
  }

  @Test
  @Tag("one-format")
  void aRunIsKilledWithItsRowsStaged() {
    isKilledAndRunsAgain(FailPoint.STAGED);
  }

  @Test
  @Tag("one-format")
  void aRunIsKilledBeforeItsCommit() {
    isKilledAndRunsAgain(FailPoint.BEFORE_COMMIT);
  }

  @Test
  void aRunIsKilledAfterItsCommit() {
    isKilledAndRunsAgain(FailPoint.AFTER_COMMIT);
  }

  void isKilledAndRunsAgain(FailPoint point) {
    JobResult first = run(1, replaces(), HEADER, BEFORE);
    assertThat(first).committed();
    delivered(2, HEADER, lines());

    CrashedRun killed = job.start(replaces(), point, Action.HALT);
    assertThat(killed.exitCode()).as(killed.printed()).isEqualTo(FailPoint.KILLED);

    boolean published = point == FailPoint.AFTER_COMMIT;
    assertThat(first)
        .published(
            HEADER,
            switch (point) {
              case AFTER_COMMIT -> AFTER;
              case BETWEEN_POINTERS -> publishedBetweenPointers();
              case WRITING, STAGED, BEFORE_COMMIT -> BEFORE;
            });
    RunRequest request = request(2, replaces());
    assertThat(Runs.reconcile(request, replaces()).commit().isPresent())
        .as("the ledger has the run")
        .isEqualTo(published);
    assertThat(Runs.verify(request, replaces())).hasSize(published ? 1 : 0);

    JobResult again = job.run(replaces());
    Status expected = published ? Status.ALREADY_COMMITTED : Status.COMMITTED;
    assertThat(again.receipt().status()).isEqualTo(expected);
    assertThat(again).published(HEADER, AFTER).quarantined(rejected());
    assertThat(again.quarantine()).hasSize(rejected());
    assertThat(job.run(replaces())).alreadyCommitted().published(HEADER, AFTER);
    assertThat(Runs.reconcile(request, replaces()).commit()).isPresent();
    assertThat(Runs.verify(request, replaces())).isEmpty();
  }

  @Test
  @Tag("one-format")
  void anErrorAtTheCommitLeavesTheTableAsItWas() {
    JobResult first = run(1, replaces(), HEADER, BEFORE);
    delivered(2, HEADER, lines());

    CrashedRun failed = job.start(replaces(), FailPoint.BEFORE_COMMIT, Action.THROW);

    assertThat(failed.exitCode()).as(failed.printed()).isEqualTo(70);
    assertThat(failed.printed()).contains("failed at before-commit, as asked");
    assertThat(first).published(HEADER, BEFORE);
    assertThat(job.run(replaces())).committed().published(HEADER, AFTER);
  }

  @Test
  @Tag("one-format")
  void ofTwoAtOnceOneReplaces() {
    assertThat(run(1, replaces(), HEADER, BEFORE)).committed();

    onePublishes(replaces(), AFTER);
  }

  @Test
  void ofTwoAtOnceOneAppends() {
    JobResult first = run(1, appends(), HEADER, BEFORE);
    if (lacks(Capability.APPEND, "append", first)) {
      return;
    }
    assertThat(first).committed();

    onePublishes(appends(), "1,1.5,eu", "2,2.5,us", "3,3.5,eu", "4,4.5,asia");
  }

  /** Two runs with one run key; the one that was ready first comes last. */
  private void onePublishes(Job orders, String... after) {
    delivered(2, HEADER, lines());
    CrashedRun late = job.start(orders, FailPoint.BEFORE_COMMIT, Action.WAIT).awaitPoint();

    JobResult winner = job.run(orders);
    assertThat(winner).committed().published(HEADER, after);

    int exitCode = late.goOn().exitCode();
    assertThat(winner).published(HEADER, after);
    assertThat(exitCode).as(late.printed()).isZero();
    assertThat(late.printed()).contains("\"status\" : \"ALREADY_COMMITTED\"");
    assertThat(winner.quarantine()).hasSize(rejected());
  }

  @Test
  @Tag("one-format")
  void anAppendGoesOntoWhatAnotherHasPublished() {
    JobResult first = run(1, appends(), HEADER, BEFORE);
    if (lacks(Capability.APPEND, "append", first)) {
      return;
    }
    delivered(2, HEADER, lines());
    CrashedRun late = job.start(appends(), FailPoint.BEFORE_COMMIT, Action.WAIT).awaitPoint();

    JobResult other = run(3, appends(), HEADER, "7,7.5,eu");
    assertThat(other).committed();

    assertThat(late.goOn().exitCode()).as(late.printed()).isZero();
    assertThat(other)
        .published(HEADER, "1,1.5,eu", "2,2.5,us", "3,3.5,eu", "4,4.5,asia", "7,7.5,eu");
  }

  @Test
  @Tag("one-format")
  void aFileThatChangesMeanwhileEndsTheRun() {
    JobResult first = run(1, replaces(), HEADER, BEFORE);
    delivered(2, HEADER, lines());
    CrashedRun late = job.start(replaces(), FailPoint.STAGED, Action.WAIT).awaitPoint();

    delivered(2, HEADER, "8,8.5,eu");

    int exitCode = late.goOn().exitCode();
    assertThat(first).published(HEADER, BEFORE);
    assertThat(exitCode).as(late.printed()).isEqualTo(75);
    assertThat(late.printed()).contains("orders.csv has changed");
  }

  @Test
  void aMergeIsDoneAgainOnWhatAnotherHasPublished() {
    JobResult first = run(1, merges(), HEADER, BEFORE);
    if (lacks(Capability.MERGE, "upsert", first)) {
      return;
    }
    assertThat(first).committed();
    delivered(2, HEADER, lines());
    CrashedRun late = job.start(merges(), FailPoint.BEFORE_COMMIT, Action.WAIT).awaitPoint();

    JobResult other = run(3, merges(), HEADER, "2,9.5,us", "3,9.5,us", "7,7.5,eu");
    assertThat(other).committed().published(HEADER, "1,1.5,eu", "2,9.5,us", "3,9.5,us", "7,7.5,eu");

    int exitCode = late.goOn().exitCode();
    assertThat(other)
        .published(HEADER, "1,1.5,eu", "2,9.5,us", "3,3.5,eu", "4,4.5,asia", "7,7.5,eu");
    assertThat(exitCode).as(late.printed()).isZero();
  }
}
