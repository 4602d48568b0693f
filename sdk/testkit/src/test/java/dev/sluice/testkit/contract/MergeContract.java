package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Capability;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Replay;
import dev.sluice.testkit.JobResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every table promises of rows that change others by their key, whatever its format. */
abstract class MergeContract extends FormatContract {
  private static final String CHANGES = "id,amount,region,seq,op";
  private static final String VERSIONS = "id,amount,valid_from";

  MergeContract(TableFormat format) {
    super(format);
  }

  private Table keyed() {
    return orders().key("id");
  }

  private Table ordered() {
    return keyed().column("seq", "bigint");
  }

  private static String message(JobResult result) {
    return result.receipt().error().orElseThrow().message();
  }

  @Test
  void upsertReplacesAndAdds() {
    Job into = into(keyed(), Write.upsert());
    JobResult first = run(1, into, HEADER, "1,1.5,eu", "2,2.5,us", ",3.5,");
    if (lacks(Capability.MERGE, "upsert", first)) {
      return;
    }
    assertThat(first).committed().published(HEADER, "1,1.5,eu", "2,2.5,us", ",3.5,");

    JobResult second = run(2, into, HEADER, "2,7.5,asia", "4,4.5,eu", ",8.5,us");

    assertThat(second)
        .committed()
        .published(HEADER, "1,1.5,eu", "2,7.5,asia", "4,4.5,eu", ",8.5,us");
    assertThat(second.receipt().rows().orElseThrow().written()).isEqualTo(3);
    assertThat(run(2, into, HEADER, "9,9.5,eu")).alreadyCommitted().published(3);
    JobResult nothing = run(3, into, HEADER);
    assertThat(nothing).committed().published(0);
    assertThat(nothing.rows()).hasSize(4);
  }

  @Test
  @Tag("one-format")
  void whichOfSeveralRowsCountsMustBeSaid() {
    Job into = into(keyed(), Write.upsert());
    JobResult result = run(1, into, HEADER, "1,1.5,eu", "1,2.5,eu");
    if (lacks(Capability.MERGE, "upsert", result)) {
      return;
    }
    assertThat(message(result))
        .isEqualTo(
            "Cannot merge into "
                + named()
                + ": several rows have the key {\"id\":1}, and nothing says"
                + " which one counts. Name the column that says which is the latest: .latestBy(…),"
                + " or let the suite check the key");
    assertThat(result.receipt().exitCode()).contains(3);
    assertThat(result).publishedNothing();
  }

  @Test
  @Tag("one-format")
  void theLatestCountsWheneverItComes() {
    Job into = into(ordered(), Write.upsert().latestBy("seq"));
    String header = HEADER + ",seq";
    JobResult first = run(1, into, header, "1,1.5,eu,5", "1,2.5,us,7", "2,1,eu,1");
    if (lacks(Capability.MERGE, "upsert", first)) {
      return;
    }
    assertThat(first).committed().published(header, "1,2.5,us,7", "2,1.0,eu,1");

    assertThat(run(2, into, header, "1,9,eu,6", "2,3,eu,2"))
        .committed()
        .published(header, "1,2.5,us,7", "2,3.0,eu,2");
    assertThat(run(3, into, header, "1,9,eu,6"))
        .committed()
        .published(header, "1,2.5,us,7", "2,3.0,eu,2");
    assertThat(message(run(4, into, header, "1,8,eu,8", "1,9,eu,8")))
        .endsWith(
            "Order them by a column in which no two are alike, or let the suite check the key");
  }

  @Test
  void changesAreApplied() {
    Job into = into(ordered(), Write.applyChanges("op", "seq"));
    JobResult first =
        run(1, into, CHANGES, "1,1,eu,1,c", "2,2,eu,2,r", "3,3,us,3,c", "3,3,us,4,d", "4,4,us,5,D");
    if (lacks(Capability.MERGE, "apply-changes", first)) {
      return;
    }
    String header = HEADER + ",seq";
    assertThat(first).committed().published(header, "1,1.0,eu,1", "2,2.0,eu,2");

    assertThat(
            run(
                2,
                into,
                CHANGES,
                "1,5,us,6,update",
                "2,,,7,delete",
                "5,5,eu,8,insert",
                "1,0,eu,0,d"))
        .committed()
        .published(header, "1,5.0,us,6", "5,5.0,eu,8");
    assertThat(message(run(3, into, CHANGES, "1,5,us,9,truncate")))
        .isEqualTo(
            "Cannot apply changes to "
                + named()
                + ": column 'op' holds 'truncate', which is none of d,"
                + " delete, c, r, u, insert, update. Map it in the job, or let the suite check it");
  }

  private Table history() {
    return Table.of(format, "shop.orders")
        .column("id", "int")
        .column("amount", "double")
        .column("valid_from", "timestamp")
        .column("valid_to", "timestamp")
        .key("id");
  }

  @Test
  void everyVersionIsKept() {
    Job into = into(history(), Write.history("valid_from", "valid_to"));
    JobResult first =
        run(1, into, VERSIONS, "1,1,2024-01-01T00:00:00Z", "2,2,2024-01-01T00:00:00.000001Z");
    if (lacks(Capability.MERGE, "history", first)) {
      return;
    }
    String header = VERSIONS + ",valid_to";
    assertThat(first)
        .committed()
        .published(header, "1,1.0,2024-01-01T00:00:00Z,", "2,2.0,2024-01-01T00:00:00.000001Z,");

    JobResult second =
        run(
            2,
            into,
            VERSIONS,
            "1,5,2024-03-01T00:00:00Z",
            "1,5,2024-04-01T00:00:00Z",
            "2,2,2024-02-01T00:00:00Z",
            "3,3,2024-02-01T00:00:00Z");
    assertThat(second)
        .committed()
        .published(
            header,
            "1,1.0,2024-01-01T00:00:00Z,2024-03-01T00:00:00Z",
            "1,5.0,2024-03-01T00:00:00Z,",
            "2,2.0,2024-01-01T00:00:00.000001Z,",
            "3,3.0,2024-02-01T00:00:00Z,");

    // Late: it falls between two versions, and makes the next one no news any more.
    assertThat(run(3, into, VERSIONS, "1,5,2024-02-01T00:00:00Z", "3,4,2024-02-01T00:00:00Z"))
        .committed()
        .published(
            header,
            "1,1.0,2024-01-01T00:00:00Z,2024-02-01T00:00:00Z",
            "1,5.0,2024-02-01T00:00:00Z,",
            "2,2.0,2024-01-01T00:00:00.000001Z,",
            "3,4.0,2024-02-01T00:00:00Z,");
  }

  @Test
  void versionsMayDifferByAMicrosecond() {
    Table table = history().column("seen", "timestamp_ntz");
    Job into = into(table, Write.history("valid_from", "valid_to"));
    String header = "id,seen,valid_from";
    JobResult result =
        run(
            1,
            into,
            "id,amount,seen,valid_from",
            "1,1,2024-01-01T00:00:00.000001,2024-01-01T00:00:00Z",
            "1,1,2024-01-01T00:00:00.000002,2024-01-02T00:00:00Z");
    if (lacks(Capability.MERGE, "history", result)) {
      return;
    }
    assertThat(result)
        .committed()
        .published(
            header,
            "1,2024-01-01T00:00:00.000001,2024-01-01T00:00:00Z",
            "1,2024-01-01T00:00:00.000002,2024-01-02T00:00:00Z");
    assertThatThrownBy(() -> Replay.run(request(1, into), into)).hasMessage(noReplay());
  }

  /** Why these rows cannot be replayed. */
  String noReplay() {
    return "Cannot replay load-orders: its rows land by history, and what they change depends on"
        + " those that came after. Let the job read them again in a later interval";
  }

  @Tag("one-format")
  @ParameterizedTest(name = "{0}")
  @CsvSource({"upsert", "apply-changes", "history"})
  void aRefusedRunChangesNothing(String mode) {
    Job fill = into(keyed().checkedBy(strictSuite()), Write.upsert());
    JobResult first = run(1, fill, HEADER, "1,1.5,eu");
    if (lacks(Capability.MERGE, "upsert", first)) {
      return;
    }
    Table checked = ordered().checkedBy(strictSuite());
    Job into =
        switch (mode) {
          case "upsert" -> into(checked, Write.upsert());
          case "apply-changes" -> into(checked, Write.applyChanges("op", "seq"));
          default -> into(checked.column("until", "bigint"), Write.history("seq", "until"));
        };
    JobResult result = run(2, into, CHANGES, "1,-2.5,eu,1,u", "3,3.5,us,2,c");

    assertThat(result).refused();
    assertThat(first.rows()).hasSize(1);
  }
}
