package dev.sluice.runtime.spi;

import dev.sluice.model.Receipt;
import dev.sluice.model.RunKey;
import dev.sluice.model.Sdk;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run tells its target at the commit. */
public record RunFacts(RunKey runKey, String runId, Receipt.Rows rows, Instant time) {

  /** The ledger entry of this run. */
  public LedgerEntry entry() {
    return new LedgerEntry(runKey.toString(), runId, rows, time);
  }

  /** What every published table says of its last run. */
  public Map<String, String> properties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("sluice.run-key", runKey.toString());
    properties.put("sluice.run-id", runId);
    properties.put("sluice.rows-written", Long.toString(rows.written()));
    properties.put(Words.MARK, Sdk.version());
    return properties;
  }
}
