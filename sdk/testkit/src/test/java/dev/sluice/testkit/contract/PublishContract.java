package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Capability;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.testkit.JobResult;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What everything promises that rows are published to: tables of five formats, and databases. Where
 * one lacks a capability, that it refuses at plan time is the promise.
 */
abstract class PublishContract extends FormatContract {
  PublishContract(TableFormat format) {
    super(format);
  }

  /** What lies there, published or not. */
  abstract Set<String> left();

  @Test
  void theSameWorkIsDoneOnce() {
    Job into = into(orders(), Write.replacePartitions());
    JobResult first = run(1, into, HEADER, "1,1.5,eu", "2,2.5,us");
    Set<String> left = left();

    JobResult second = run(1, into, HEADER, "3,3.5,eu");

    assertThat(first).committed();
    assertThat(snapshot(first).isPresent()).isEqualTo(can(Capability.SNAPSHOTS));
    assertThat(second).alreadyCommitted().published(2).published(HEADER, "1,1.5,eu", "2,2.5,us");
    assertThat(snapshot(second)).isEqualTo(snapshot(first));
    assertThat(left()).isEqualTo(left);
  }

  private static Optional<String> snapshot(JobResult result) {
    return result.receipt().target().orElseThrow().snapshotId();
  }

  @Test
  void appendAdds() {
    Job into = into(orders(), Write.append());
    JobResult first = run(1, into, HEADER, "1,1.5,eu");
    if (lacks(Capability.APPEND, "append", first)) {
      return;
    }
    assertThat(run(2, into, HEADER, "2,2.5,eu"))
        .committed()
        .published(HEADER, "1,1.5,eu", "2,2.5,eu");
  }

  @Test
  void replacePartitionsLeavesTheOthersAlone() {
    Job into = into(orders(), Write.replacePartitions());
    run(1, into, HEADER, "1,1.5,eu", "2,2.5,us", "3,3.5,");

    JobResult result = run(2, into, HEADER, "4,4.5,eu", "5,5.5,asia", "6,6.5,");

    assertThat(result)
        .committed()
        .published(HEADER, "2,2.5,us", "4,4.5,eu", "5,5.5,asia", "6,6.5,");
  }

  @Test
  void replaceTableReplacesEverything() {
    Job into = into(orders(), Write.replaceTable());
    run(1, into, HEADER, "1,1.5,eu", "2,2.5,us");

    JobResult result = run(2, into, HEADER, "3,3.5,eu");

    assertThat(result).committed().published(HEADER, "3,3.5,eu");
    assertThat(run(3, into, HEADER)).committed().publishedNothing();
  }

  @Test
  void aRefusedRunLeavesNothingBehind() {
    Job into = into(orders().checkedBy(strictSuite()), Write.replacePartitions());
    run(1, into, HEADER, "1,1.5,eu");
    Set<String> left = left();

    JobResult result = run(2, into, HEADER, "2,-2.5,eu", "3,3.5,us");

    assertThat(result).refused();
    assertThat(result).published(HEADER, "1,1.5,eu");
    assertThat(left()).isEqualTo(left);
  }
}
