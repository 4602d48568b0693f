package dev.sluice.quality.page;

import dev.sluice.model.Receipt;
import dev.sluice.quality.Verdict.Decision;
import java.time.Instant;
import java.util.Optional;

/**
 * What a page says of a run beside the answers of its checks.
 *
 * @param job the job's name
 * @param table the table that the run writes
 * @param runKey names the work
 * @param runId names this attempt at it
 * @param decision what the gate decided
 * @param rule the rule that refused, as the gate words it; empty where none did
 * @param rows what became of the rows; where the run was refused, what would have become of them
 * @param quarantine the table with the rejected rows; empty where the run has none
 * @param time when the gate decided
 * @param sdkVersion version of the SDK that ran
 * @param receiptUri where the receipt lies
 * @param tableUri where the table lies
 */
public record PageFacts(
    String job,
    String table,
    String runKey,
    String runId,
    Decision decision,
    Optional<String> rule,
    Receipt.Rows rows,
    Optional<String> quarantine,
    Instant time,
    String sdkVersion,
    Optional<String> receiptUri,
    Optional<String> tableUri) {}
