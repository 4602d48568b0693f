package dev.sluice.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.AuditLine;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Sha256;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  @TempDir private Path folder;
  private Lake lake;
  private AuditLog log;

  @BeforeEach
  void open() {
    lake = lake();
    log = lake.audit().orElseThrow();
  }

  private Lake lake() {
    return Lake.open(Map.of("lake.warehouse", folder.toUri().toString()));
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private static Receipt receipt(String run) {
    return Receipt.parse(
            """
            {"job": "job", "run_id": "%s", "run_key": "job/lake.trips/all", "sdk_version": "1",
             "status": "COMMITTED", "exit_code": 0, "settings": {"b": "2", "a": "1"},
             "rows": {"read": 3, "written": 2, "quarantined": 1, "filtered": 0},
             "timings": {"started_at": "2024-02-01T03:00:00Z",
                         "finished_at": "2024-02-01T03:00:01.123456789Z"}}"""
                .formatted(run))
        .orElseThrow();
  }

  private static AuditLine draft(String run) {
    return AuditLine.of(receipt(run), "ada", Optional.of("jobs@sha256:1"));
  }

  private Table table() {
    return lake.iceberg().loadTable(TableIdentifier.of("sluice", "receipts"));
  }

  @Test
  void aLineSaysWhatRanAndFollowsTheOneBefore() {
    AuditLine first = log.append(draft("run-1"));
    AuditLine second = log.append(draft("run-2"));

    assertThat(log.lines()).containsExactly(first, second);
    assertThat(log.breaks()).isEmpty();
    assertThat(second.line()).isEqualTo(2);
    assertThat(second.previousHash()).isEqualTo(first.hash());
    assertThat(first.previousHash()).isEqualTo(AuditLine.NONE);
    assertThat(first.status()).isEqualTo(Status.COMMITTED.name());
    assertThat(first.endedAt()).isEqualTo(Instant.parse("2024-02-01T03:00:01.123456Z"));
    assertThat(first.settingsHash()).contains(Sha256.of("{\"a\":\"1\",\"b\":\"2\"}"));
    assertThat(first.receiptHash()).isEqualTo(Sha256.of(receipt("run-1").full()));
    assertThat(first.rows()).contains(new Receipt.Rows(3, 2, 1, 0));
  }

  @Test
  void aLogThatHasNotBegunHasNoLines() {
    assertThat(log.lines()).isEmpty();
    assertThat(log.breaks()).isEmpty();
  }

  @Test
  void noLineIsLostWhereManyRunsEndAtOnce() throws Exception {
    ExecutorService runs = Executors.newFixedThreadPool(6);
    List<Future<?>> done = new ArrayList<>();
    IntStream.range(0, 6).forEach(run -> done.add(runs.submit(() -> appendFive(run))));
    for (Future<?> each : done) {
      each.get();
    }
    runs.shutdown();

    assertThat(log.lines()).hasSize(30).extracting(AuditLine::runId).doesNotHaveDuplicates();
    assertThat(log.breaks()).isEmpty();
  }

  private void appendFive(int run) {
    try (Lake own = lake()) {
      IntStream.range(0, 5)
          .forEach(n -> own.audit().orElseThrow().append(draft("run-" + run + "-" + n)));
    }
  }

  @Test
  void aLineThatWasChangedIsFound() {
    log.append(draft("run-1"));
    AuditLine second = log.append(draft("run-2"));
    log.append(draft("run-3"));
    List<Object> cells = new ArrayList<>(second.cells());
    cells.set(15, 2_000L);

    swap(2, List.of(cells));

    assertThat(log.breaks()).containsExactly("sluice.receipts: line 2 was changed");
  }

  @Test
  void aLineThatWasTakenOutIsFound() {
    log.append(draft("run-1"));
    log.append(draft("run-2"));
    log.append(draft("run-3"));

    swap(2, List.of());

    assertThat(log.breaks()).containsExactly("sluice.receipts: line 3 does not follow line 1");
  }

  @Test
  void theChainGoesOnAfterMaintenance() {
    AuditLine first = log.append(draft("run-1"));
    swap(1, List.of(first.cells()));

    AuditLine second = log.append(draft("run-2"));

    assertThat(second.previousHash()).isEqualTo(first.hash());
    assertThat(log.breaks()).isEmpty();
  }

  /** Puts other rows in place of the file that holds a line, as maintenance does. */
  private void swap(long line, List<List<Object>> rows) {
    Table there = table();
    var overwrite = there.newOverwrite().deleteFile(fileOf(there, line));
    if (!rows.isEmpty()) {
      overwrite.addFile(RecordTable.write(there, rows));
    }
    overwrite.commit();
  }

  private static DataFile fileOf(Table there, long line) {
    try (CloseableIterable<FileScanTask> tasks =
        there
            .newScan()
            .filter(org.apache.iceberg.expressions.Expressions.equal("line", line))
            .planFiles()) {
      return tasks.iterator().next().file().copy();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void maintenanceLosesNoLine() throws Exception {
    List<AuditLine> lines =
        IntStream.range(0, 4).mapToObj(i -> log.append(draft("run-" + i))).toList();
    dev.sluice.model.Table maintained = AuditLog.maintained(lake.config());

    for (Maintenance step : maintained.maintenance()) {
      lake.chore(maintained, step).run("20240101T000000Z-0000aa");
    }

    assertThat(maintained.maintenance())
        .extracting(Maintenance::step)
        .containsExactlyInAnyOrder("compact", "expire-snapshots", "remove-orphans");
    try (CloseableIterable<FileScanTask> files = table().newScan().planFiles()) {
      assertThat(files).hasSize(1);
    }
    assertThat(log.lines()).isEqualTo(lines);
    AuditLine next = log.append(draft("run-4"));
    assertThat(next.line()).isEqualTo(5);
    assertThat(next.previousHash()).isEqualTo(lines.get(3).hash());
    assertThat(log.breaks()).isEmpty();
  }
}
