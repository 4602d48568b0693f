package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Part;
import dev.sluice.model.Receipt.Rows;
import dev.sluice.model.Receipt.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a range makes of its parts, without any of them running. */
class RangeTallyTest {
  private static final List<Interval> DAYS =
      Each.DAY.split(Interval.parse("2024-01-01/2024-01-05"));

  private final RangeTally tally = new RangeTally(Each.DAY, DAYS);

  private static Receipt committed(String more) {
    return receipt("COMMITTED", 0, more);
  }

  private static Receipt failed(String kind, int exitCode) {
    boolean retryable = List.of("SOURCE", "INFRA").contains(kind);
    return receipt(
        "FAILED",
        exitCode,
        """
        , "error": {"kind": "%s", "phase": "plan", "message": "Cannot: %s.\\nAnd more", "retryable": %s,
                    "stack": []}"""
            .formatted(kind, kind, retryable));
  }

  private static Receipt receipt(String status, int exitCode, String more) {
    return Receipt.parse(
            """
            {"job": "load", "run_id": "run-1", "status": "%s", "exit_code": %d,
             "rows": {"read": 3, "written": 2, "quarantined": 1, "filtered": 0},
             "target": {"kind": "table", "name": "shop.sales", "uri": "file:///lake/sales",
                        "snapshot_id": "7", "files": 2, "bytes": 100},
             "timings": {"total_ms": 5, "phases_ms": {"bind": 1, "read": 4}}%s}"""
                .formatted(status, exitCode, more))
        .orElseThrow();
  }

  private Receipt receipt() {
    ReceiptBook book = new ReceiptBook("load", Map.of("SLUICE_TERMINATION_MESSAGE", "/dev/null"));
    tally.fill(book);
    return book.ended(Status.COMMITTED, 0, Optional.empty());
  }

  @Test
  void everyPartIsCountedOnce() {
    tally.add(DAYS.get(0), committed(""));
    tally.add(DAYS.get(1), receipt("ALREADY_COMMITTED", 0, ""));
    tally.add(DAYS.get(2), failed("DATA", 4));
    tally.begins(DAYS.get(3));

    Receipt.Range range = tally.range();

    assertThat(List.of(range.committed(), range.alreadyCommitted(), range.failed(), range.notRun()))
        .containsExactly(1, 1, 1, 1);
    assertThat(range.running()).contains(DAYS.get(3));
    assertThat(range.runs()).extracting(Part::interval).isEqualTo(DAYS);
    assertThat(range.runs().get(2).error()).contains("Cannot: DATA.");
    assertThat(range.runs().get(3)).isEqualTo(Part.notRun(DAYS.get(3)));
  }

  @Test
  void aPartThatWasStoppedHasNoOutcome() {
    tally.add(
        DAYS.get(0),
        receipt(
            "CANCELLED",
            143,
            ", \"error\": {\"kind\": \"INFRA\", \"phase\": \"read\", \"message\": \"\", \"stack\": []}"));

    assertThat(tally.range().failed()).isZero();
    assertThat(tally.range().notRun()).isEqualTo(4);
    assertThat(tally.isHopeless()).isTrue();
  }

  @Test
  void rowsFilesAndTimesAreSummed() {
    tally.add(DAYS.get(0), committed(", \"warnings\": [\"many files\"]"));
    tally.add(DAYS.get(1), committed(""));
    tally.add(DAYS.get(2), failed("DATA", 4));

    Receipt receipt = receipt();

    assertThat(receipt.rows()).contains(new Rows(6, 4, 2, 0));
    assertThat(receipt.target().orElseThrow().files()).contains(4L);
    assertThat(receipt.target().orElseThrow().bytes()).contains(200L);
    assertThat(receipt.target().orElseThrow().snapshotId()).contains("7");
    assertThat(receipt.timings().phasesMs()).contains(Map.of("bind", 3L, "read", 12L));
    assertThat(receipt.warnings()).contains(List.of("2024-01-01/2024-01-02: many files"));
  }

  @Test
  void inputsAreNamedOnceAndPinnedInTheReceiptOfEachPart() {
    String read =
        """
        , "inputs": [{"name": "sales", "uri": "file:///sales.csv", "rows": 3,
                      "files": [{"uri": "file:///sales.csv", "bytes": 9, "modified": "2024-01-01T00:00:00Z"}]},
                     {"name": "zones", "uri": "file:///lake/zones", "snapshot_id": "%s"}]""";
    tally.add(DAYS.get(0), committed(read.formatted(1)));
    tally.add(DAYS.get(1), committed(read.formatted(2)));

    assertThat(receipt().inputs().orElseThrow())
        .containsExactly(
            new Receipt.Input(
                "sales",
                "file:///sales.csv",
                Optional.empty(),
                Optional.of(List.of()),
                Optional.of(6L)),
            new Receipt.Input(
                "zones",
                "file:///lake/zones",
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
  }

  @ParameterizedTest(name = "{0} with exit code {1}: {2}")
  @CsvSource({
    "CONFIG, 2, true",
    "INFRA, 75, true",
    "INFRA, 137, true",
    "INFRA, 5, false",
    "INFRA, 6, false",
    "CONTRACT, 3, false",
    "CONTRACT, 2, false",
    "DATA, 4, false",
    "SOURCE, 75, false",
    "BUG, 70, false"
  })
  void whatWouldAilAllPartsKeepsTheRestFromRunning(String kind, int exitCode, boolean hopeless) {
    assertThat(tally.isHopeless()).isFalse();

    tally.add(DAYS.get(0), failed(kind, exitCode));

    assertThat(tally.isHopeless()).isEqualTo(hopeless);
  }

  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "DATA, 4, BUG, 70, 4",
    "DATA, 4, SOURCE, 75, 75",
    "SOURCE, 75, DATA, 4, 75",
    "SOURCE, 75, CONFIG, 2, 2",
    "DATA, 4, INFRA, 137, 137"
  })
  void onePartDecides(String first, int firstCode, String second, int secondCode, int decides) {
    tally.add(DAYS.get(0), failed(first, firstCode));
    tally.add(DAYS.get(1), committed(""));
    tally.add(DAYS.get(2), failed(second, secondCode));

    assertThat(tally.deciding().orElseThrow().exitCode()).isEqualTo(decides);
  }

  @Test
  void nothingDecidesWhereNothingHasFailed() {
    tally.add(DAYS.get(0), committed(""));

    assertThat(tally.deciding()).isEmpty();
  }
}
