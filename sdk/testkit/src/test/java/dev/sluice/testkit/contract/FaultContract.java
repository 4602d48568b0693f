package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every table promises when a run dies, or another one is faster: processes are really killed.
 */
abstract class FaultContract extends FormatContract {
  private static final String[] BEFORE = {"1,1.5,eu", "2,2.5,us"};
  private static final String[] AFTER = {"2,2.5,us", "3,3.5,eu", "4,4.5,asia"};
  private static final String[] LINES = {"3,3.5,eu", "4,4.5,asia", "5,-1,us"};

  FaultContract(TableFormat format) {
    super(format);
  }

  /** The job, of a class whose instances another process can make; it replaces partitions. */
  abstract Job replaces();

  /** A job that upserts by the id, where the format can. */
  abstract Optional<Job> merges();

  static Table orders(TableFormat format) {
    return Table.of(format, "shop.orders")
        .column("id", "int")
        .column("amount", "double")
        .column("region", "string")
        .partitionedBy("region")
        .checkedBy("mostly_positive");
  }

  private JobResult before() {
    return run(1, replaces(), HEADER, BEFORE);
  }

  private void deliver() {
    job.interval(interval(2));
    String[] lines = new String[LINES.length + 1];
    lines[0] = HEADER;
    System.arraycopy(LINES, 0, lines, 1, LINES.length);
    job.file("orders.csv", lines);
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(FailPoint.class)
  void aRunIsKilledAndRunsAgain(FailPoint point) {
    if (point == FailPoint.BETWEEN_POINTERS && format == TableFormat.ICEBERG) {
      return; // has but one pointer
    }
    JobResult first = before();
    assertThat(first).committed();
    deliver();

    CrashedRun killed = job.start(replaces(), point, Action.HALT);
    assertThat(killed.exitCode()).as(killed.printed()).isEqualTo(FailPoint.KILLED);

    List<Row> seen = first.rows();
    if (point == FailPoint.AFTER_COMMIT) {
      assertThat(first).published(HEADER, AFTER);
    } else if (point != FailPoint.BETWEEN_POINTERS) {
      assertThat(seen).hasSize(BEFORE.length);
      assertThat(first).published(HEADER, BEFORE);
    }

    boolean published = point == FailPoint.AFTER_COMMIT;
    RunRequest request = request(2, replaces());
    assertThat(Runs.reconcile(request, replaces()).commit().isPresent()).isEqualTo(published);
    assertThat(Runs.verify(request, replaces())).hasSize(published ? 1 : 0);

    JobResult again = job.run(replaces());
    Status expected = published ? Status.ALREADY_COMMITTED : Status.COMMITTED;
    assertThat(again.receipt().status()).isEqualTo(expected);
    assertThat(again).published(HEADER, AFTER).quarantined(1);
    assertThat(again.quarantine()).hasSize(1);
    assertThat(job.run(replaces())).alreadyCommitted().published(HEADER, AFTER);
    assertThat(Runs.reconcile(request, replaces()).commit()).isPresent();
    assertThat(Runs.verify(request, replaces())).isEmpty();
  }

  @Test
  void anErrorAtTheCommitLeavesTheTableAsItWas() {
    JobResult first = before();
    deliver();

    CrashedRun failed = job.start(replaces(), FailPoint.BEFORE_COMMIT, Action.THROW);

    assertThat(failed.exitCode()).as(failed.printed()).isEqualTo(70);
    assertThat(failed.printed()).contains("failed at before-commit, as asked");
    assertThat(first).published(HEADER, BEFORE);
    assertThat(job.run(replaces())).committed().published(HEADER, AFTER);
  }

  @Test
  void ofTwoAtOnceOnePublishes() {
    JobResult first = before();
    assertThat(first).committed();
    deliver();
    CrashedRun late = job.start(replaces(), FailPoint.BEFORE_COMMIT, Action.WAIT);
    awaitPause(late);

    JobResult winner = job.run(replaces());
    assertThat(winner).committed().published(HEADER, AFTER);

    assertThat(late.goOn().exitCode()).as(late.printed()).isZero();
    assertThat(late.printed()).contains("\"status\" : \"ALREADY_COMMITTED\"");
    assertThat(winner).published(HEADER, AFTER);
    assertThat(winner.quarantine()).hasSize(1);
  }

  @Test
  void aMergeIsDoneAgainOnWhatAnotherHasPublished() {
    Optional<Job> merging = merges();
    if (merging.isEmpty()) {
      return; // refused at plan time, as the contract of merges has it
    }
    JobResult first = run(1, merging.get(), HEADER, BEFORE);
    assertThat(first).committed();
    deliver();
    CrashedRun late = job.start(merging.get(), FailPoint.BEFORE_COMMIT, Action.WAIT);
    awaitPause(late);

    JobResult other = run(3, merging.get(), HEADER, "2,9.5,us", "3,9.5,us", "7,7.5,eu");
    assertThat(other).committed().published(HEADER, "1,1.5,eu", "2,9.5,us", "3,9.5,us", "7,7.5,eu");

    assertThat(late.goOn().exitCode()).as(late.printed()).isZero();
    assertThat(other)
        .published(HEADER, "1,1.5,eu", "2,9.5,us", "3,3.5,eu", "4,4.5,asia", "7,7.5,eu");
  }

  /** It has entered the phase in which the point is. */
  private static void awaitPause(CrashedRun run) {
    while (!run.printed().contains("publish")) {
      assertThat(run.ended()).as(run.printed()).isFalse();
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
  }
}
