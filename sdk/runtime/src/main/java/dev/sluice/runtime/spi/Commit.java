package dev.sluice.runtime.spi;

import java.util.Optional;

/**
 * What a publish, or an earlier one with the same run key, left behind.
 *
 * @param entry the ledger entry
 * @param snapshotId the snapshot that holds the rows, where the target has snapshots
 * @param earlier whether another run made it
 */
public record Commit(LedgerEntry entry, Optional<String> snapshotId, boolean earlier) {}
