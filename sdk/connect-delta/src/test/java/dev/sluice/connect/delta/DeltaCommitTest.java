package dev.sluice.connect.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.ExitCode;
import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.Write;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.runtime.lake.StagedFile;
import dev.sluice.runtime.spi.Commit;
import dev.sluice.runtime.spi.RunFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.TransactionExecutionObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two writers whose commits meet: the second begins, the first commits, the second commits. */
class DeltaCommitTest {
  private static final Table TABLE =
      Table.delta("shop.orders")
          .column("id", "bigint")
          .column("region", "string")
          .partitionedBy("region");

  @TempDir private Path folder;
  private Lake lake;

  @BeforeEach
  void table() {
    lake =
        Lake.open(
            Map.of(
                "lake.warehouse", folder.toUri().toString(),
                "spark.cores", "1",
                "spark.shuffle-partitions", "1"));
    lake.target(TABLE, Write.append()).prepare();
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private DeltaCommit run(int month, String id) {
    Interval interval =
        Interval.parse(String.format("2024-%02d-01/2024-%02d-01", month, month + 1));
    RunKey key = new RunKey("load-orders", TABLE.name(), Optional.of(interval));
    Receipt.Rows rows = new Receipt.Rows(3, 3, 0, 0);
    return new DeltaCommit(
        lake, TABLE, new RunFacts(key, id, rows, Instant.parse("2024-05-06T07:08:09Z")));
  }

  /** A file of three rows in a partition. */
  private DeltaRows rows(Write write, String region, String id) {
    String path = lake.location(TABLE) + "/region=" + region + "/" + id + "/part.parquet";
    lake.spark().range(3).coalesce(1).write().parquet(path.substring(0, path.lastIndexOf('/')));
    Path made = Path.of(path.substring("file://".length())).getParent();
    try (var files = Files.list(made)) {
      Path file =
          files.filter(each -> each.toString().endsWith(".parquet")).findFirst().orElseThrow();
      Files.move(file, made.resolve("part.parquet"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new DeltaRows(
        lake, TABLE, write, List.of(new StagedFile(path, List.of(region), 3, 9, 0)));
  }

  private Commit inTurn(DeltaCommit first, DeltaRows its, DeltaCommit second, DeltaRows others) {
    return second.run(
        transaction -> {
          first.run(its::actions);
          return others.actions(transaction);
        });
  }

  private long count() {
    return lake.pin(TABLE).rows().count();
  }

  @Test
  void twoRunsWithOneKeyCommitOnce() {
    Commit commit =
        inTurn(
            run(1, "first"),
            rows(Write.append(), "eu", "first"),
            run(1, "second"),
            rows(Write.append(), "us", "second"));

    assertThat(commit.earlier()).isTrue();
    assertThat(commit.entry().runId()).isEqualTo("first");
    assertThat(commit.entry().committedAt()).isEqualTo("2024-05-06T07:08:09Z");
    assertThat(commit.snapshotId()).contains("1");
    assertThat(count()).isEqualTo(3);
  }

  @Test
  void appendsMeet() {
    Commit commit =
        inTurn(
            run(1, "first"),
            rows(Write.append(), "eu", "first"),
            run(2, "second"),
            rows(Write.append(), "eu", "second"));

    assertThat(commit.earlier()).isFalse();
    assertThat(commit.snapshotId()).contains("2");
    assertThat(count()).isEqualTo(6);
  }

  @Test
  void anotherPartitionIsNoConflict() {
    inTurn(
        run(1, "first"),
        rows(Write.replacePartitions(), "eu", "first"),
        run(2, "second"),
        rows(Write.replacePartitions(), "us", "second"));

    assertThat(count()).isEqualTo(6);
  }

  @Test
  void theSamePartitionIsAConflict() {
    DeltaRows first = rows(Write.replacePartitions(), "eu", "first");
    DeltaRows second = rows(Write.replacePartitions(), "eu", "second");

    assertThatThrownBy(() -> inTurn(run(1, "first"), first, run(2, "second"), second))
        .isInstanceOfSatisfying(
            SluiceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFLICT))
        .hasMessageStartingWith("Cannot publish shop.orders: another writer changed it meanwhile (")
        .hasMessageEndingWith("). Run again");
    assertThat(count()).isEqualTo(3);
  }

  @Test
  void aLostAnswerIsSettledByTheLedger() {
    DeltaCommit commit = run(1, "first");
    assertThatThrownBy(() -> commit.settle(new IOException("connection reset")))
        .isInstanceOfSatisfying(
            SluiceException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.COMMIT_UNKNOWN))
        .hasMessage(
            "Cannot tell whether shop.orders was published: writing to its log failed. Run again"
                + " with the same interval: the ledger decides");

    Commit made = commit.run(rows(Write.append(), "eu", "first")::actions);

    assertThat(commit.settle(new IOException("connection reset"))).isEqualTo(made);
  }

  @Test
  void aRunThatTheLogHasForgottenIsRefused() throws IOException {
    DeltaCommit commit = run(1, "first");
    commit.run(rows(Write.append(), "eu", "first")::actions);
    run(2, "second").run(rows(Write.append(), "eu", "second")::actions);
    DeltaLog log = DeltaLog.forTable(lake.spark(), lake.location(TABLE));
    log.checkpoint(
        log.update(false, scala.Option.empty(), scala.Option.empty()), scala.Option.empty());
    Path folderOfLog = folder.resolve("shop/orders/_delta_log");
    Files.delete(folderOfLog.resolve("00000000000000000000.json"));
    Files.delete(folderOfLog.resolve("00000000000000000001.json"));

    assertThatThrownBy(commit::find)
        .hasMessage(
            "Cannot run load-orders/shop.orders/2024-01-01T00:00:00Z/2024-02-01T00:00:00Z again:"
                + " table shop.orders has its rows already, from a commit that its log no longer tells of"
                + " (delta.logRetentionDuration). Nothing is to be done; to write the rows once"
                + " more, use another interval");
  }

  @Test
  void aMergeBeginsAtTheVersionThatItLookedAt() {
    DeltaLog log = DeltaLog.forTable(lake.spark(), lake.location(TABLE));
    run(1, "first").run(rows(Write.append(), "eu", "first")::actions);

    assertThatThrownBy(
            () ->
                TransactionExecutionObserver.withObserver(
                    Observed.from(0),
                    () -> log.startTransaction(scala.Option.empty(), scala.Option.empty())))
        .isInstanceOf(ConcurrentModificationException.class)
        .hasMessage("version 1 came after version 0");
  }

  @Test
  void onS3OneWriterMustBePromised() {
    try (Lake bucket = Lake.open(Map.of("lake.warehouse", "s3://bucket/lake"))) {
      assertThatThrownBy(() -> bucket.target(TABLE, Write.append()))
          .hasMessage(
              "Cannot write Delta table shop.orders to s3://bucket/lake: two runs that commit at"
                  + " once lose rows there, for Delta's log on S3 has no lock. Set"
                  + " lake.delta.single-writer to true if nothing else writes the table meanwhile,"
                  + " or declare an Iceberg table");
    }
  }
}
