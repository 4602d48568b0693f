package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Interval;
import dev.sluice.model.Receipt;
import dev.sluice.model.RunKey;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.Ledger;
import dev.sluice.runtime.spi.LedgerEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunsTest {
  private static final Instant TIME = Instant.parse("2024-02-01T03:00:00Z");
  private static final String KEY = "job/lake.trips/january";

  private static Receipt receipt(String runId, String status, int written) {
    return Receipt.parse(
            """
            {"run_id": "%s", "run_key": "%s", "status": "%s",
             "rows": {"read": 2, "written": %d, "quarantined": 0, "filtered": 0},
             "timings": {"started_at": "%s"}}"""
                .formatted(runId, KEY, status, written, TIME))
        .orElseThrow();
  }

  private static Ledger ledger(String... keys) {
    List<LedgerEntry> entries =
        List.of(keys).stream()
            .map(key -> new LedgerEntry(key, "run-1", new Receipt.Rows(2, 2, 0, 0), TIME))
            .toList();
    return new Ledger(entries, Optional.empty());
  }

  private static List<String> differences(Ledger ledger, Receipt... receipts) {
    return Runs.differences("job", ledger, List.of(receipts));
  }

  @Test
  void everyCommitHasOneReceiptAndTheOtherWayRound() {
    Receipt told = receipt("run-1", "COMMITTED", 2);
    assertThat(differences(ledger(KEY, "other-job/lake.trips/january"), told)).isEmpty();
    assertThat(differences(ledger(KEY), receipt("run-2", "ALREADY_COMMITTED", 2))).isEmpty();
    assertThat(differences(ledger(), receipt("run-1", "FAILED", 0))).isEmpty();

    assertThat(differences(ledger(KEY), receipt("run-2", "FAILED", 2)))
        .containsExactly(
            KEY + ": run run-1 is in the ledger, and no receipt tells of it. Run it again for one");
    assertThat(differences(ledger(), told))
        .containsExactly(
            KEY + ": the receipt of run run-1 says committed, and the ledger does not know it");
    assertThat(differences(ledger(KEY), told, receipt("run-2", "COMMITTED", 2)))
        .containsExactly(
            KEY + ": the receipt of run run-2 and the ledger's entry of run run-1 differ",
            KEY + ": two receipts say committed");
    assertThat(differences(ledger(KEY), receipt("run-1", "COMMITTED", 1)))
        .containsExactly(
            KEY + ": the receipt of run run-1 and the ledger's entry of run run-1 differ");
  }

  @Test
  void whatTheLedgerForgotIsNoDifference() {
    Ledger forgetful = new Ledger(List.of(), Optional.of(TIME.plusSeconds(1)));

    assertThat(differences(forgetful, receipt("run-1", "COMMITTED", 2))).isEmpty();
  }

  @Test
  void workThatTheLedgerMayHaveForgottenIsRefused() {
    RunKey january =
        new RunKey("job", "lake.trips", Optional.of(Interval.parse("2024-01-01/2024-02-01")));
    Runs.requireRemembered(january, Optional.empty());
    Runs.requireRemembered(january, Optional.of(Instant.parse("2024-01-31T23:59:59Z")));

    assertThatExceptionOfType(SluiceException.class)
        .isThrownBy(() -> Runs.requireRemembered(january, Optional.of(TIME)))
        .withMessage(
            "Cannot run job/lake.trips/2024-01-01T00:00:00Z/2024-02-01T00:00:00Z: the ledger of"
                + " lake.trips forgot runs that committed until 2024-02-01T03:00:00Z, and this one"
                + " may be among them. Look whether its rows are there; if not, remove the property"
                + " sluice.ledger-horizon and run again")
        .satisfies(e -> assertThat(e.kind()).isEqualTo(ErrorKind.CONFIG));
  }
}
